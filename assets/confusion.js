// A table of what was read as what, of which a visitor chooses a cell.
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector('.cells')
  root.innerHTML = data.table
  root.querySelectorAll('td.wrong').forEach(cell => {
    const count = cell.textContent.trim()
    if (!count) return
    const place = [cell.closest('tr').rowIndex - 1, cell.cellIndex - 1]
    const isChosen = String(place) === String(data.chosen)
    const button = document.createElement('button')
    button.textContent = count
    button.setAttribute('aria-label', data.said
      .replace('{label}', place[0]).replace('{answer}', place[1]).replace('{count}', count))
    button.setAttribute('aria-pressed', isChosen)
    button.onclick = () => setStateValue('chosen', isChosen ? null : place)
    cell.replaceChildren(button)
  })
}
