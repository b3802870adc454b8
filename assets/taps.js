// The buttons that say what was drawn: one element of the page, as twelve of Streamlit's own cost the
// server more than the answer. They wait for an answer to stand above them, which they need not be
// sent anew for.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.taps')
  const buttons = [...root.querySelectorAll('button')]
  const wait = () => {
    const isRead = document.querySelector('.st-key-answer .answer:is(.read, .stranger)')
    for (const button of buttons) button.disabled = !isRead
  }
  wait()
  for (const button of buttons) {
    button.setAttribute('aria-pressed', data.pressed.includes(button.value))
  }
  root.onclick = event => {
    const button = event.target.closest('button')
    if (button) setTriggerValue('tapped', button.value)
  }
  document.addEventListener('inkling:answered', wait)
  return () => document.removeEventListener('inkling:answered', wait)
}
