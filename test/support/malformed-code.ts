/** Ways to send a right code that are no one text of six ASCII digits. */

/** The right code in forms that are no one string of six digits, as JSON texts. */
export const asJson = (code: string): string[] => {
  const text = JSON.stringify(code)
  return [
    `{"code":[${text}]}`,
    `{"code":[${text},"000000"]}`,
    `{"code":["000000","111111",${text}]}`,
    `{"code":{"0":${text}}}`,
    `{"code":{"$eq":${text}}}`,
    `{"code":{"$ne":null}}`,
    `{"code":{}}`,
    `{"code":${Number(code)}}`,
    `{"code":${Number(code)}.0}`,
    `{"code":[[${text}]]}`,
    '{"code":true}',
    '{"code":null}',
    '{"code":""}',
    '{}',
    `{"codes":[${text}]}`,
    `{"code[]":${text}}`,
    `{"Code":${text}}`,
    `{"code":${JSON.stringify(code.padEnd(10_240, ' '))}}`,
    `{"code":"${'1'.repeat(10_240)}"}`,
    `{"code":"${code}${code}"}`,
    `{"code":"${code},000000"}`,
    `{"code":"0${code}"}`,
    `{"code":"${code.slice(1)}"}`,
    `{"code":"+${code}"}`,
    `{"code":"0x${Number(code).toString(16)}"}`,
    `{"code":"${code}\\u0000"}`,
    `{"code":"\\ufeff${code}"}`,
    `{"code":"${code.slice(0, 3)}\\u200b${code.slice(3)}"}`,
    `{"code":"${fullWidth(code)}"}`,
    `{"code":"${arabic(code)}"}`,
    '{"code":"%"}',
    '{"code":"______"}',
    '{"code":"%%%%%%"}',
    '{"code":"......"}',
    '{"code":"[0-9]{6}"}',
    `{"code":"' OR '1'='1"}`,
    `{"code":"\\ud800"}`,
    `[{"code":${text}}]`,
    `[${text}]`,
    text,
    'null',
    '',
    '{',
    `{"code":${text}`,
  ]
}

/** The same as forms. */
export const asForm = (code: string): [string, string][][] => [
  [['code[]', code]],
  [['code[0]', code]],
  [
    ['code', code],
    ['code', '000000'],
  ],
  [
    ['code', '000000'],
    ['code', code],
  ],
  [
    ['code', code],
    ['code', code],
  ],
  [
    ['code', ''],
    ['code', code],
  ],
  [['code', '']],
  [],
  [['code', code.padEnd(10_240, ' ')]],
  [['code', fullWidth(code)]],
  [['code', `${code}&code=000000`]],
  [['code', `${code}\0`]],
  [['code', `${code.slice(0, 3)}\u200d${code.slice(3)}`]],
  [['code', '%']],
  [['code', '______']],
  [['Code', code]],
]

/** The same digits as wide as Chinese characters. */
export function fullWidth(code: string): string {
  return inScript(code, 0xff10)
}

/** The same number in Arabic digits. */
export function arabic(code: string): string {
  return inScript(code, 0x0660)
}

function inScript(code: string, zero: number): string {
  return [...code].map((digit) => String.fromCodePoint(zero + Number(digit))).join('')
}
