// Replays a training: a map of some digits, which are read wrong, the first layer, by moment.
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0))
const MAP = 320
const PLAYED = 450  // ms a moment

// What `data.words` says, with these values in the place of {name}.
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

export default function ({ data, parentElement }) {
  const { words } = data
  const root = parentElement.querySelector('.replay')
  const moments = data.positions.length
  const last = `${moments}, ${data.positions.at(-1)}`
  if (root.dataset.of === data.of && root.dataset.last === last) return
  const [range, play] = [root.querySelector('input'), root.querySelector('button')]
  const isNew = root.dataset.of !== data.of
  const follows = isNew || range.value === range.max
  root.dataset.of = data.of
  root.dataset.last = last

  const labels = bytes(data.labels)
  const [answers, places] = [bytes(data.answers), bytes(data.places)]
  const [drawing, filters] = [bytes(data.drawing), bytes(data.filters)]
  const count = labels.length
  const number = value => value.toLocaleString(words.language,
    { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: false })
  const name = answer => answer < 10 ? String(answer) : '–'

  if (isNew) {
    root.cell = null
    root.querySelector('svg').innerHTML = [...labels].map(label =>
      `<text class="digit-${label}">${name(label)}</text>`).join('')
      + (drawing.length ? '<g class="own"><circle r="9"/><text></text></g>' : '')
    root.querySelector('.misread div').innerHTML = [...labels].map((label, i) => {
      const [x, y] = [i % data.columns, Math.floor(i / data.columns)]
      return `<span><i style="background-image:url(${data.sprite});background-position:${-28 * x}px ${-28 * y}px"></i><b></b></span>`
    }).join('')
    const head = Array.from({ length: data.classes }, (_, n) => `<th scope="col">${name(n)}</th>`)
    root.querySelector('thead').innerHTML = `<tr><td></td>${head.join('')}</tr>`
    root.querySelector('tbody').innerHTML = head.map((_, truth) =>
      `<tr><th scope="row">${name(truth)}</th>${head.map((_, answer) =>
        `<td class="${truth === answer ? 'right' : 'wrong'}"><button type="button" data-truth="${truth}" data-answer="${answer}"></button></td>`).join('')}</tr>`).join('')
    const [many, height, width] = data.filterShape
    root.querySelector('.filters div').innerHTML =
      `<canvas role="presentation" width="${width}" height="${height}"></canvas>`.repeat(many)
  }
  const [svg, cells] = [root.querySelector('svg'), root.querySelectorAll('tbody button')]
  const digits = svg.querySelectorAll(':scope > text')
  const own = svg.querySelector('.own')
  const tiles = root.querySelectorAll('.misread span')

  const show = moment => {
    const read = answers.subarray(moment * count, (moment + 1) * count)
    const counts = new Uint16Array(data.classes ** 2)
    let wrong = 0
    const { cell } = root
    digits.forEach((digit, i) => {
      const at = 2 * (moment * count + i)
      const isWrong = read[i] !== labels[i]
      wrong += isWrong
      counts[labels[i] * data.classes + read[i]]++
      digit.style.transform = `translate(${places[at] / 255 * MAP}px, ${places[at + 1] / 255 * MAP}px)`
      digit.classList.toggle('wrong', isWrong)
      const isShown = cell ? labels[i] === cell[0] && read[i] === cell[1] : isWrong
      tiles[i].hidden = !isShown
      if (isShown) tiles[i].lastChild.textContent = `${name(labels[i])}→${name(read[i])}`
    })
    if (own) {
      const [x, y, answer] = drawing.subarray(3 * moment, 3 * moment + 3)
      own.style.transform = `translate(${x / 255 * MAP}px, ${y / 255 * MAP}px)`
      own.lastChild.textContent = filled(words.own, { answer: name(answer) })
    }
    const most = Math.max(1, ...counts.filter((_, n) => n % (data.classes + 1)))
    cells.forEach((button, n) => {
      const [truth, answer] = [Math.floor(n / data.classes), n % data.classes]
      button.textContent = counts[n] || ''
      button.setAttribute('aria-label',
        filled(words.cell, { label: name(truth), answer: name(answer), count: counts[n] }))
      button.setAttribute('aria-pressed', Boolean(cell) && cell[0] === truth && cell[1] === answer)
      button.parentNode.style.setProperty('--p', truth === answer ? 1 : Math.sqrt(counts[n] / most))
    })
    const position = data.positions[moment]
    const when = position === 0 ? words.before
      : Number.isInteger(position) ? filled(words.after, { epoch: position, epochs: data.epochs })
        : filled(words.within, { epoch: number(position), epochs: data.epochs })
    root.querySelector('.moment').textContent = filled(words.moment, { when, wrong, count })
    svg.setAttribute('aria-label', filled(words.map, { count, wrong }))
    root.querySelector('.misread figcaption').textContent = cell
      ? filled(words.chosen, { label: name(cell[0]), answer: name(cell[1]), count: counts[cell[0] * data.classes + cell[1]] })
      : wrong ? words.wrong : words.right
    paint(moment)
  }

  const paint = moment => {
    const [many, height, width] = data.filterShape
    root.querySelectorAll('.filters canvas').forEach((canvas, n) => {
      const context = canvas.getContext('2d')
      const image = context.createImageData(width, height)
      const start = (moment * many + n) * height * width
      for (let i = 0; i < height * width; i++) {
        const weight = (filters[start + i] - 128) / 127
        const [r, g, b] = weight > 0 ? [43, 76, 155] : [214, 104, 44]
        const share = Math.abs(weight)
        image.data.set([r, g, b, 255].map((c, k) => k < 3 ? 251 + (c - 251) * share : c), 4 * i)
      }
      context.putImageData(image, 0, 0)
    })
  }

  const now = () => Number(range.value)
  range.max = moments - 1
  if (follows) range.value = moments - 1
  range.oninput = () => show(now())
  play.onclick = () => {
    if (now() === moments - 1) range.value = 0
    const began = performance.now() - now() * PLAYED
    const step = time => {
      if (!root.isConnected || range.matches(':active')) return
      const moment = Math.min(moments - 1, Math.max(0, Math.floor((time - began) / PLAYED)))
      if (moment !== now() || moment === 0) {
        range.value = moment
        show(moment)
      }
      if (moment < moments - 1) requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  }
  root.querySelector('tbody').onclick = event => {
    const button = event.target.closest('button')
    if (!button) return
    const chosen = [Number(button.dataset.truth), Number(button.dataset.answer)]
    root.cell = String(root.cell) === String(chosen) ? null : chosen
    show(now())
  }
  show(now())
}
