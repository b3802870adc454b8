// Scrubs through a drawing: the ink, what the network saw of it, and its answer at each moment.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector('.timeline')
  if (root.dataset.of === data.of) return
  root.dataset.of = data.of
  const [range, play] = [root.querySelector('input'), root.querySelector('button')]
  const svg = root.querySelector('svg')
  const seen = root.querySelector('.seen')
  const answer = root.querySelector('.moment')
  const last = data.answers.length - 1

  svg.setAttribute('viewBox', data.view)
  svg.innerHTML = data.strokes.map(stroke =>
    `<polyline class="whole" points="${stroke.points}"/>`).join('')
    + data.strokes.map(stroke =>
      `<polyline pathLength="1" points="${stroke.points}"/>`).join('')
  svg.style.strokeWidth = data.pen
  seen.style.backgroundImage = `url(${data.seen})`
  seen.style.backgroundSize = `100% ${100 * data.answers.length}%`
  const pens = svg.querySelectorAll('polyline:not(.whole)')

  const show = moment => {
    const share = (moment + 1) / data.answers.length
    pens.forEach((pen, i) => {
      const { begins, ends } = data.strokes[i]
      const drawn = Math.min(1, (share - begins) / Math.max(ends - begins, 1e-6))
      pen.style.visibility = drawn > 0 ? 'visible' : 'hidden'
      pen.style.strokeDasharray = `${Math.max(drawn, 0)} 2`
    })
    seen.style.backgroundPositionY = `${100 * moment / last}%`
    answer.innerHTML = data.answers[moment]
  }
  range.max = last
  range.value = last
  range.oninput = () => show(Number(range.value))
  play.onclick = () => {
    const began = performance.now()
    const step = now => {
      if (!root.isConnected) return
      range.value = Math.min(last, Math.floor((now - began) / data.milliseconds * last))
      show(Number(range.value))
      if (Number(range.value) < last) requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  }
  show(last)
}
