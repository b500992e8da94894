import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dictionary } from '@zxcvbn-ts/language-common'
import { random } from '../../src/crypto/random.ts'
import { refusePassword } from '../../src/crypto/password-advice.ts'

const rules = { min: 15, max: 256, words: [] as string[] }
const janes = { ...rules, words: ['jane.doe@example.com', 'Jane Doé', 'Acme Ltd', 'Twostep'] }

function assertRefused(list: readonly string[], reason: string, by = rules): void {
  for (const password of list) assert.equal(refusePassword(password, by), reason, password)
}

function assertGood(list: readonly string[], by = rules): void {
  for (const password of list) assert.equal(refusePassword(password, by), null, password)
}

test('PW-01: length is counted by code point, not by byte or half of one', () => {
  const seventeen = [...'🦊🐢🐙🦉🐝🦋🐌🐞🦂🐬🦈🐊🦓🦍🐘🦛🐪']
  assert.equal(refusePassword(seventeen.slice(0, 14).join(''), rules), 'password-too-short')
  assert.equal(refusePassword(seventeen.slice(0, 15).join(''), rules), null)
  assert.equal(refusePassword(seventeen.join(''), { ...rules, max: 17 }), null)
  assert.equal(refusePassword(seventeen.join(''), { ...rules, max: 16 }), 'password-too-long')
})

test('PW-01, PW-05: composed and decomposed letters count the same', () => {
  const phrase = 'é ist gut hier.'
  assert.equal([...phrase.normalize('NFC')].length, 15)
  assert.equal(refusePassword(phrase.normalize('NFC'), rules), null)
  assert.equal(refusePassword(phrase.normalize('NFD'), rules), null)
  const short = 'é ist gut da.'.normalize('NFD')
  assert.equal(refusePassword(short, { ...rules, min: 14 }), 'password-too-short')
})

test('PW-01: 14 and 7 characters are too few, 64, 128 and 256 are not, 257 are too many', () => {
  const text = (length: number) => random(256).toString('base64').slice(0, length)
  assert.equal(refusePassword(text(14), rules), 'password-too-short')
  assert.equal(refusePassword(text(7), { ...rules, min: 8 }), 'password-too-short')
  assert.equal(refusePassword('', rules), 'password-too-short')
  for (const length of [15, 64, 128, 256]) assert.equal(refusePassword(text(length), rules), null)
  assert.equal(refusePassword(text(257), rules), 'password-too-long')
})

test('PW-02: no kinds of characters are asked for: fifteen lower-case letters pass', () => {
  assertGood(['kdjqmwzpxvbntyr', 'qpzmwoxneicruvb', 'vkqzrjhwmtsnbxp'])
})

test('PW-02: passphrases in any script pass, with and without spaces and signs', () => {
  assertGood([
    'violet tractor umbrella seven',
    'mauve-otter-kneels-loud',
    'my cat eats green soap',
    'we walked to the lake',
    'ich mag gern Kartoffeln',
    'тихий кот сидит дома',
    '静かな猫が窓のそばで寝ている午後です',
    'purple monkey dishwasher',
    'lunchatthegreencafe',
    'my password is written on a green whale',
    'x7$Kp2!vQz9@mLw',
  ])
})

test('PW-02: random passwords and word lists are all accepted', () => {
  const words = dictionary['diceware-common']
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  const pick = <T>(from: ArrayLike<T>) => from[random(4).readUInt32BE(0) % from.length]
  for (let round = 0; round < 300; round += 1) {
    const fifteen = Array.from({ length: 15 }, () => pick(letters)).join('')
    const four = Array.from({ length: 4 }, () => pick(words)).join(' ')
    assertGood([fifteen, four, random(12).toString('base64')], janes)
  }
})

test('PW-03: every common password of the list that is long enough is refused', () => {
  const long = dictionary['passwords-common'].filter((each) => each.length >= 15)
  assert.ok(long.length >= 30)
  assertRefused(long, 'password-too-common')
})

test('PW-03: where eight characters are enough, the 3,000 commonest passwords are refused', () => {
  const long = dictionary['passwords-common'].filter((each) => each.length >= 8)
  assert.ok(long.length > 17_000)
  assertRefused(long.slice(0, 3000), 'password-too-common', { ...rules, min: 8 })
})

test('PW-03: a common password or word repeated, padded, spaced or dressed up is refused', () => {
  assertRefused(
    [
      'password1234567',
      'passwordpassword',
      'PasswordPassword',
      'Password!123456',
      'Password2026Password',
      'password 123 456 789',
      'p a s s w o r d 1 2 3',
      '1password2password3password',
      '!!!!password!!!!',
      'password.........',
      'passssssssssssword',
      'P@ssw0rd!P@ssw0rd!',
      'drowssapdrowssap',
      'letmeinletmein12',
      'Welcome2026!!!!!',
      'Summer2026!!!!!!',
      'dragondragondragon',
      'monkey123monkey123',
      'administrator123',
      'changemechangeme',
      'football12345678',
      'abdominalabdominal',
      'password'.repeat(30),
    ],
    'password-too-common',
  )
})

test('PW-03: runs of the keyboard, of the alphabet and of digits are refused', () => {
  assertRefused(
    [
      'aaaaaaaaaaaaaaa',
      '123456789012345',
      '000000000000000',
      '987654321987654',
      '111222333444555666',
      '12341234123412341234',
      '01012000010120001',
      'qwertyuiopasdfgh',
      'azertyuiopqsdfgh',
      'asdfghjklasdfghjkl',
      'zxcvbnmasdfghjkl',
      '1q2w3e4r5t6y7u8i',
      '1qaz2wsx3edc4rfv',
      'qazwsxedcrfvtgbyhn',
      '!@#$%^&*()_+!@#',
      'abcdefghijklmno',
      'abcabcabcabcabc',
      'aabbccddeeffgghh',
      'aaaaabbbbbccccc',
      '🙂'.repeat(20),
      'a'.repeat(256),
    ],
    'password-too-common',
  )
})

test('PW-03: long words and famous phrases are refused', () => {
  assertRefused(
    [
      'congratulations',
      'internationalization1',
      'correcthorsebatterystaple',
      'Correct Horse Battery Staple',
      'tobeornottobethatisthequestion',
      'May the force be with you!',
      'thisismypassword',
      'The quick brown fox',
    ],
    'password-too-common',
  )
})

test('PW-03: the owner’s address, name, team and product are refused, also dressed up', () => {
  assertRefused(
    [
      'jane.doe@example.com',
      'JANE.DOE@EXAMPLE.COM',
      'JaneDoe12345678',
      'Jane Doé 1234567',
      'janedoejanedoejanedoe',
      'Twostep-Twostep-1',
      'Tw0st3p2026!!!!!',
      'acmeltd2026acme!',
      'twostepacmejane2026',
      'Acme!Twostep!Jane!1',
      'eodenaj12345678',
    ],
    'password-too-personal',
    janes,
  )
})

test('PW-03: the same text is refused to its owner only', () => {
  assert.equal(refusePassword('Zbigniew Szczepankowski', rules), null)
  const his = { ...rules, words: ['Zbigniew Szczepankowski'] }
  assert.equal(refusePassword('Zbigniew Szczepankowski', his), 'password-too-personal')
})

test('PW-03: a passphrase that only holds an own or a common word is judged as a whole', () => {
  assertGood(
    ['Jane loves four purple cats', 'acme kdjqmwzpxvbntyr', 'at Twostep whales sing'],
    janes,
  )
  assertGood(['lunch at the green cafe'], { ...rules, words: ['The Green Lake Team'] })
})

test('PW-03: short and odd words of an owner refuse nothing by chance', () => {
  const odd = { ...rules, words: ['', ' ', 'Al', '@', 'x', '.*', '__proto__', 'constructor', '🙂'] }
  assertGood(['violet tractor umbrella seven', 'kdjqmwzpxvbntyr'], odd)
})
