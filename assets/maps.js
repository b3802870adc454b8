// Pictures to choose one from.
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector('.maps')
  if (root.dataset.of !== data.of) {
    root.dataset.of = data.of
    root.className = `maps ${data.kind}`
    root.innerHTML = data.pictures.map((picture, i) =>
      `<button type="button" aria-label="${data.called} ${i + 1}"
        ${picture.startsWith('data:') ? '' : `style="--p:${picture}"`}>
        ${picture.startsWith('data:') ? `<img src="${picture}" alt="">` : ''}</button>`).join('')
    root.onclick = event => {
      const button = event.target.closest('button')
      if (!button) return
      const place = [...root.children].indexOf(button)
      mark(place)
      setStateValue('picked', place)
    }
  }
  const mark = place => [...root.children].forEach((button, i) =>
    button.setAttribute('aria-pressed', i === place))
  mark(data.chosen)
}
