// Keeps three cookies for the server, and nothing else: the random key of this browser, which says
// what was drawn here, the code of the room that it is in, and the language that was chosen.
const YEAR = 365 * 24 * 3600 // seconds

export default function ({ data, setStateValue }) {
  const known = read('inkling')
  const isOther = known && known !== data.key // another tab was faster
  if (isOther && !data.isNew) setStateValue('key', known)
  else write('inkling', data.key)
  if (data.room !== null) write('inkling-room', data.room)
  if (data.language) write('inkling-language', data.language)
}

function read(name) {
  const found = document.cookie.split('; ').find(cookie => cookie.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

function write(name, value) {
  if ((read(name) ?? '') === value) return
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  const age = value ? YEAR : 0
  document.cookie = `${name}=${value}; Max-Age=${age}; Path=/; SameSite=Lax${secure}`
}
