// Sends what is drawn while the pen is down. The canvas sends its whole drawing too, but only 200 ms
// after the pen was lifted; until the server has that, the strokes here stand in for it.
// Says the answer to those who hear the page, too.
const PATIENCE = 2000 // ms until an answer that does not come is given up
const LINK = 'a[href]:not([href^="#"]):not([target="_blank"])' // to another page
const SETTLING = 60 // ms from pen-down to the first message: of a quick stroke the one at its end will do
const DEBOUNCE = 190 // ms after the pen was lifted, in which the canvas has not sent the stroke yet

const pens = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector('.live')
  if (!pens.has(root)) pens.set(root, new Pen(root))
  pens.get(root).update(data, setStateValue)
  return () => {
    pens.get(root)?.end()
    pens.delete(root)
  }
}

class Pen {
  strokes = [] // that the server's drawing does not have yet
  seq = Math.floor(Math.random() * 1e9) // of the last message
  waiting = false
  due = 0

  constructor(root) {
    this.root = root
    this.stop = new AbortController()
    const on = (kind, handler) =>
      document.addEventListener(kind, handler, { capture: true, signal: this.stop.signal })
    on('pointerdown', event => this.down(event))
    on('pointermove', event => this.move(event))
    on('pointerup', event => this.up(event))
    on('pointercancel', event => this.up(event))
    for (const kind of ['click', 'auxclick', 'contextmenu']) on(kind, event => this.take(event))
    on('click', event => this.leave(event))
    on('inkling:sent', event => this.data && this.update({ ...this.data, ...event.detail }))
  }

  end() {
    this.stop.abort()
    this.observer?.disconnect()
    clearTimeout(this.timer)
  }

  update(data, setStateValue) {
    const now = performance.now()
    const isOther = this.data?.generation !== data.generation
    this.data = data
    this.listen()
    if (setStateValue) this.send = strokes => setStateValue('strokes', strokes)
    this.strokes = isOther ? [] : this.strokes.filter(stroke => {
      const isDropped = data.revision > stroke.revision && now > stroke.lifted + DEBOUNCE
      return stroke.number >= data.count && !isDropped
    })
    if (data.answered === this.seq) this.waiting = false
    if (!this.drawn) this.say()
    this.root.dataset.answered = data.answered ?? ''
    this.root.dataset.count = data.count
    if (!this.strokes.length) { // the canvas has sent all of it
      this.isNew = false
      this.root.dataset.isWhole = true
      this.root.dataset.sent = this.root.dataset.answered
      this.keepInAddress(data.link)
    }
    if (this.isNew) this.schedule()
    else if (this.isIdle) this.follow()
  }

  // So a reload, or who is given the address, sees the drawing. Streamlit's own way would leave an
  // entry in the browser's history for each stroke.
  keepInAddress(link) {
    const address = new URL(location)
    if ((address.searchParams.get('drawing') ?? '') === link) return
    if (link) address.searchParams.set('drawing', link)
    else address.searchParams.delete('drawing')
    history.replaceState(history.state, '', address)
  }

  // The way from the answer to its reasons takes the drawing along, also into a tab of its own.
  take(event) {
    const link = event.composedPath().find(element => element.matches?.('.st-key-onward a[href]'))
    if (!link) return
    const address = new URL(link.href)
    if (this.data.link) address.searchParams.set('drawing', this.data.link)
    else address.searchParams.delete('drawing')
    link.href = address
  }

  get isIdle() {
    return !this.strokes.length && !this.waiting
  }

  // A link to another page waits until the canvas has sent all: a message of this page that comes
  // after the other one was asked for has Streamlit show neither.
  leave(event) {
    const link = event.composedPath().find(element => element.matches?.(LINK))
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey // in another tab or window
    if (!link || isElsewhere || this.isIdle || this.isLeaving) return
    event.preventDefault()
    event.stopPropagation()
    if (!this.destination) setTimeout(() => this.follow(), PATIENCE)
    this.destination = link
  }

  follow() {
    const link = this.destination
    if (!link) return
    this.destination = null
    this.isLeaving = true
    link.click()
    this.isLeaving = false
  }

  // Has what the page answers said as it changes: in one place that stays, as a reader of the screen
  // does not hear what comes with its place.
  listen() {
    const answer = document.querySelector('.st-key-answer')
    if (!answer || answer === this.answer) return
    this.answer = answer
    this.observer?.disconnect()
    const changed = () => {
      this.say()
      document.dispatchEvent(new Event('inkling:answered'))
    }
    this.observer = new MutationObserver(changed)
    this.observer.observe(answer, { childList: true, characterData: true, subtree: true })
    changed()
  }

  // While the pen is down only another digit is said, not how sure it is.
  say() {
    const verdict = this.answer?.querySelector('.verdict')
    const read = verdict?.querySelector('.digit, b')?.textContent
    if (!verdict || (this.drawn && read === this.read)) return
    this.read = read
    const words = verdict.innerText.trim().replace(/\s*\n\s*/g, '. ')
    const status = this.root.querySelector('[role="status"]')
    if (status.textContent !== words) status.textContent = words
  }

  down(event) {
    const canvas = event.composedPath()[0]
    if (!this.data?.interval || !event.isPrimary || event.button > 0) return
    if (!canvas.classList?.contains('upper-canvas')) return
    const number = this.strokes.length ? this.strokes.at(-1).number + 1 : this.data.count
    this.canvas = canvas
    this.drawn = { number, points: [], lifted: Infinity, revision: Infinity }
    this.strokes.push(this.drawn)
    this.due = Math.max(this.due, performance.now() + SETTLING)
    this.add(event)
  }

  move(event) {
    if (!this.drawn || !event.isPrimary) return
    this.add(event) // as the canvas does: once a frame
    this.schedule()
  }

  up(event) {
    if (!this.drawn || !event.isPrimary) return
    this.drawn.lifted = performance.now()
    this.drawn.revision = this.data.revision
    this.drawn = null
    this.due = 0 // the last of a stroke is not kept waiting, not even for the answer that is due
    this.waiting = false
    clearTimeout(this.timer)
    this.timer = null
    this.root.dataset.isWhole = !this.isNew
    if (this.isNew) this.post()
  }

  add(event) {
    const box = this.canvas.getBoundingClientRect()
    // The canvas hears a mouse's events, whose places are whole px, and a finger's, which have more.
    const whole = event.pointerType === 'mouse' ? Math.floor : place => place
    const x = (whole(event.clientX) - box.left) * this.data.side / box.width
    const y = (whole(event.clientY) - box.top) * this.data.side / box.height
    this.drawn.points.push([x, y])
    this.isNew = true
  }

  schedule() {
    if (this.waiting || this.timer || !this.isNew) return
    this.timer = setTimeout(() => {
      this.timer = null
      this.post()
    }, Math.max(0, this.due - performance.now()))
  }

  post() {
    if (!this.strokes.length || this.waiting) return
    this.isNew = false
    this.waiting = true
    this.due = performance.now() + this.data.interval
    const seq = ++this.seq
    this.root.dataset.sent = seq
    this.root.dataset.isWhole = !this.drawn // the pen is lifted: what is on its way is all there is
    setTimeout(() => {
      if (this.seq === seq) this.waiting = false
    }, PATIENCE)
    const strokes = this.strokes.map(({ number, points }) => ({ number, points }))
    this.send({ generation: this.data.generation, seq, strokes })
  }
}
