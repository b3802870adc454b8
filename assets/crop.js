// A frame over the picture on the sheet: its corners are dragged to the part that is to be read, or
// moved by the arrow keys, and the frame as a whole too.
const SMALLEST = 0.08 // of the sheet's side
const STEP = 0.02 // that an arrow key moves
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.crop')
  const part = root.querySelector('.part')
  const [use, cancel] = root.querySelectorAll('.choice button')
  const open = root.querySelector(':scope > button')
  let at = data.picture // left, top, right, bottom, in shares of the sheet's sides

  const show = () => {
    const [left, top, right, bottom] = at.map(share => 100 * share)
    Object.assign(part.style, {
      left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%`,
    })
  }
  const close = () => {
    root.classList.remove('open')
    open.focus({ preventScroll: true })
  }
  // The frame, or one of its corners, so much farther from where it was; never out of the picture.
  const move = (from, corner, by) => {
    const [low, high] = [data.picture.slice(0, 2), data.picture.slice(2)]
    const within = (share, lowest, highest) => Math.min(highest, Math.max(lowest, share))
    const smallest = [0, 1].map(i => Math.min(SMALLEST, (high[i] - low[i]) / 2))
    at = [...from]
    for (const i of [0, 1]) {
      if (corner === null) {
        const shift = within(by[i], low[i] - from[i], high[i] - from[i + 2])
        at[i] = from[i] + shift
        at[i + 2] = from[i + 2] + shift
      } else if (corner.split(' ')[i] === ['left', 'top'][i]) {
        at[i] = within(from[i] + by[i], low[i], from[i + 2] - smallest[i])
      } else {
        at[i + 2] = within(from[i + 2] + by[i], from[i] + smallest[i], high[i])
      }
    }
    show()
  }
  const cornerOf = element => element.closest('.part button')?.dataset.corner ?? null

  if (root.dataset.of !== data.of) {
    root.dataset.of = data.of
    root.classList.remove('open')
  }
  open.onclick = () => {
    const [left, top, right, bottom] = data.picture
    const [x, y] = [(right - left) / 10, (bottom - top) / 10]
    at = [left + x, top + y, right - x, bottom - y]
    root.classList.add('open')
    show()
    part.querySelector('button').focus({ preventScroll: true })
  }
  cancel.onclick = close
  use.onclick = () => {
    close()
    setTriggerValue('part', at)
  }
  root.onkeydown = event => {
    if (event.key === 'Escape' && root.classList.contains('open')) close()
    const way = WAYS[event.key]
    if (!way || !event.target.closest('.part')) return
    event.preventDefault()
    move(at, cornerOf(event.target), way.map(share => share * STEP))
  }
  part.onpointerdown = event => {
    event.preventDefault()
    const [from, corner, box] = [at, cornerOf(event.target), root.getBoundingClientRect()]
    part.setPointerCapture(event.pointerId)
    part.onpointermove = now => move(from, corner, [
      (now.clientX - event.clientX) / box.width, (now.clientY - event.clientY) / box.height,
    ])
  }
  part.onpointerup = part.onpointercancel = () => { part.onpointermove = null }
}
