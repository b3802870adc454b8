// The buttons that say what was drawn: one element of the page, as twelve of Streamlit's own cost the
// server more than the answer.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.taps')
  for (const button of root.querySelectorAll('button')) {
    button.disabled = data.disabled
    button.setAttribute('aria-pressed', data.pressed.includes(button.value))
  }
  root.onclick = event => {
    const button = event.target.closest('button')
    if (button) setTriggerValue('tapped', button.value)
  }
}
