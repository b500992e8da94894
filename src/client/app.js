// @ts-check
/* What makes the pages better when scripts run; every page works without it. It is tied to pages by
   data- attributes only, keeps nothing in the browser's storage and asks only this server. */

const loadedAt = Date.now()

/** Seconds since the page was drawn: times count from the server's clock, not the browser's. */
const age = () => (Date.now() - loadedAt) / 1000

/**
 * @param {string} selector
 * @param {(element: any) => void} run
 * @param {ParentNode} [root]
 */
function each(selector, run, root = document) {
  for (const element of root.querySelectorAll(selector)) run(element)
}

/** Tells screen readers, without moving the focus. @param {string} sentence */
function say(sentence) {
  const region = document.querySelector('[data-status]')
  if (!region) return
  region.querySelector('.unseen')?.remove()
  const words = document.createElement('p')
  words.className = 'unseen'
  words.textContent = sentence
  region.append(words)
}

/** @param {number} seconds */
function clock(seconds) {
  const rest = String(seconds % 60).padStart(2, '0')
  const hours = Math.ceil(seconds / 3600)
  if (hours > 48) return `${Math.ceil(hours / 24)} days`
  return hours > 1 ? `${hours} hours` : `${Math.floor(seconds / 60)}:${rest}`
}

/* Passwords that can be shown; hidden again before they are sent, so that nothing remembers them. */
each('[data-show]', (button) => {
  const input = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.show))
  /** @param {boolean} shown */
  const show = (shown) => {
    input.type = shown ? 'text' : 'password'
    button.querySelector('[data-label]').textContent = shown ? 'Hide' : 'Show'
  }
  button.addEventListener('click', () => show(input.type === 'password'))
  input.form?.addEventListener('submit', () => show(false))
})

/* Codes: spaces and hyphens are dropped, the form goes off when full (announced beside the field)
   but never twice with the same code, and digits typed while the heading has the focus land here. */
each('[data-code]', (/** @type {HTMLInputElement} */ input) => {
  const digits = Number(input.dataset.code)
  const hint = input.dataset.submits
  let tried = ''
  if (hint) {
    const before = input.getAttribute('aria-describedby') ?? ''
    input.setAttribute('aria-describedby', `${before} ${hint}`.trim())
  }
  const tidy = () => {
    const value = input.value.replace(/[\s\u2010-\u2015-]/g, '')
    if (value !== input.value) input.value = value
    if (!hint || value === tried || value.length !== digits || /\D/.test(value)) return
    tried = value
    input.form?.requestSubmit()
  }
  input.addEventListener('input', (event) => {
    if (!event.isComposing) tidy()
  })
  input.form?.addEventListener('submit', () => (tried = input.value))
  const idle = () => document.activeElement?.matches('body,[tabindex="-1"]') ?? true
  document.addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (plain && /^\d$/.test(event.key) && idle()) input.focus()
  })
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? ''
    if (!idle() || !/^[\d\s-]+$/.test(text)) return
    input.focus()
    input.value = text
    tidy()
    event.preventDefault()
  })
  if (input.dataset.byText !== undefined) fillFromText(input)
})

/** WebOTP where the browser has it: only fills the field (SMS-07). @param {HTMLInputElement} input */
function fillFromText(input) {
  if (!('OTPCredential' in window)) return
  const stop = new AbortController()
  input.form?.addEventListener('submit', () => stop.abort())
  addEventListener('pagehide', () => stop.abort())
  const ask = /** @type {any} */ ({ otp: { transport: ['sms'] }, signal: stop.signal })
  navigator.credentials.get(ask).then(
    (/** @type {any} */ found) => {
      if (!found?.code || input.value) return
      input.value = found.code
      say('The code from your message is filled in.')
    },
    () => {},
  )
}

/* A form goes off once; after a while, or when the page comes back, it may be tried again. */
addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target)
  if (form.dataset.once === undefined || event.defaultPrevented) return
  if (form.dataset.busy !== undefined) return event.preventDefault()
  const button = event.submitter ?? form.querySelector('button')
  form.dataset.busy = ''
  button?.setAttribute('aria-busy', 'true')
  setTimeout(() => release(form), 8000)
})
addEventListener('pageshow', () => each('[data-busy]', release))

/* A page of a session that a browser kept alive asks again: after a sign-out it shows nothing. */
addEventListener('pageshow', (event) => {
  if (event.persisted && document.body.classList.contains('settings')) location.reload()
})

/** @param {HTMLFormElement} form */
function release(form) {
  delete form.dataset.busy
  each('[aria-busy]', (button) => button.removeAttribute('aria-busy'), form)
}

/* Everything that counts down, once a second, for the eye only. */
/** @type {HTMLElement[]} */
const ticking = []
each('[data-countdown],[data-resend],[data-expires]', (element) => ticking.push(element))
function tick() {
  for (const element of ticking) {
    const { countdown, resend, expires } = element.dataset
    const left = Math.max(0, Math.ceil(Number(countdown ?? resend ?? expires) - age()))
    if (countdown) element.textContent = clock(left)
    else if (resend) waitToResend(element, left)
    else warn(element, left)
  }
}

/** @param {HTMLElement} button @param {number} left */
function waitToResend(button, left) {
  const words = button.querySelector('[data-left]')
  if (!words) return
  if (left > 0) {
    button.setAttribute('aria-disabled', 'true')
    words.textContent = `(in ${clock(left)})`
  } else {
    button.removeAttribute('aria-disabled')
    words.remove()
  }
}
each('[data-resend]', (button) => {
  button.addEventListener('click', (/** @type {Event} */ event) => {
    if (button.getAttribute('aria-disabled') !== 'true') return
    event.preventDefault()
    const left = Math.max(1, Math.ceil(Number(button.dataset.resend) - age()))
    say(`You can ask again in ${left} ${left === 1 ? 'second' : 'seconds'}.`)
  })
})

/** @param {HTMLElement} region @param {number} left */
function warn(region, left) {
  each(
    '[data-warning]',
    (box) => (box.hidden = left > Number(region.dataset.warn) || left === 0),
    region,
  )
  each('[data-over]', (box) => (box.hidden = left > 0), region)
}

/* "Stay signed in": any answer to a session counts as being seen; the full time then starts anew. */
each('[data-stay]', (button) => {
  const region = button.closest('[data-expires]')
  const seconds = Number(region.dataset.expires)
  button.addEventListener('click', async () => {
    const reply = await fetch(button.dataset.stay, { redirect: 'error' }).catch(() => null)
    if (!reply?.ok) return
    region.dataset.expires = String(age() + seconds)
    tick()
    say('You stay signed in.')
  })
})

/* "3 hours ago" stays true while the page is open; exact moments are shown in the reader's zone. */
const ago = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' })
function retell() {
  each('[data-ago]', (time) => {
    const seconds = Number(time.dataset.ago) + age()
    if (seconds < 60 || seconds >= 604_800) return
    if (seconds < 3600) time.textContent = ago.format(-Math.floor(seconds / 60), 'minute')
    else if (seconds < 86_400) time.textContent = ago.format(-Math.floor(seconds / 3600), 'hour')
    else time.textContent = ago.format(-Math.floor(seconds / 86_400), 'day')
  })
}
each('time', (time) => {
  time.title = new Date(time.dateTime).toLocaleString('en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
  })
})

each('[data-copy]', (button) => {
  const label = button.querySelector('[data-label]')
  button.addEventListener('click', async () => {
    const copied = await copy(button.dataset.copy)
    label.textContent = copied ? 'Copied' : 'Select and copy'
    say(
      copied
        ? 'Copied.'
        : 'This browser does not allow copying. Please select the text and copy it.',
    )
    setTimeout(() => (label.textContent = 'Copy'), 3000)
  })
})

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

each('[data-download]', (button) => {
  button.addEventListener('click', () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([button.dataset.text], { type: 'text/plain' }))
    link.download = button.dataset.download
    link.click()
    URL.revokeObjectURL(link.href)
    say('The file is in your downloads.')
  })
})

each('[data-print]', (button) => button.addEventListener('click', () => print()))

/* What the carrier says, every two seconds for two minutes at most. */
each('[data-poll][data-state="waiting"]', async (region) => {
  for (let round = 0; round < 60; round++) {
    await new Promise((resume) => setTimeout(resume, 2000))
    const reply = await askJson(region.dataset.poll)
    if (!reply || reply.state === 'waiting') continue
    region.dataset.state = reply.state
    region.querySelector('[data-sentence]').textContent = reply.sentence
    return
  }
})

/** @param {string} url @returns {Promise<any>} null when there is no answer to use */
async function askJson(url) {
  try {
    const reply = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error' })
    return reply.ok ? await reply.json() : null
  } catch {
    return null
  }
}

/* The local inbox: an event says that something came; the page itself is the only drawing of it. */
each('[data-inbox]', (board) => {
  const events = new EventSource(board.dataset.inbox)
  events.addEventListener('message', async () => {
    const reply = await fetch(location.href)
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    const fresh = page.querySelector('[data-inbox]')
    if (!reply.ok || !fresh) return
    for (const kind of ['.bubble', '.mail']) {
      const more = fresh.querySelectorAll(kind).length > board.querySelectorAll(kind).length
      if (more) fresh.querySelector(kind)?.classList.add('arrived')
    }
    board.replaceChildren(...fresh.childNodes)
    say('A message has arrived.')
  })
})

/* Menus close by Escape and by a press elsewhere. */
each('[data-menu]', (menu) => {
  document.addEventListener('click', (event) => {
    if (!menu.contains(event.target)) menu.open = false
  })
  menu.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape' || !menu.open) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
})

tick()
retell()
setInterval(tick, 1000)
setInterval(retell, 30_000)
document.documentElement.classList.add('has-script')
