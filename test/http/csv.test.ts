import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvFile } from '../../src/http/csv.ts'

const line = (...cells: string[]) => csvFile('x.csv', [cells]).body

test('TEAM-08: what a spreadsheet would take for a formula is text', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', ' =']) {
    const text = `${start}HYPERLINK(1)`
    assert.ok(/^\uFEFF"?'/.test(line(text)), JSON.stringify(text))
  }
  assert.equal(line('Ada', 'a=b', '12 December'), '\uFEFFAda,a=b,12 December\r\n')
})

test('TEAM-08: where a spreadsheet parts cells at semicolons or tabs, what comes after is text, too', () => {
  for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
    for (const before of ['', ' ', 'Ada;', 'Ada; ', 'Ada\t', 'Ada|', 'Ada\n', '"Ada";', '"']) {
      const cell = line(`${before}${sign}HYPERLINK(1)`)
      assert.match(cell, new RegExp(`'\\s*[${sign}]HYPER`), JSON.stringify(cell))
    }
  }
  assert.equal(
    line('Text; email', 'Ada-Lee', 'ada@example.com'),
    '\uFEFFText; email,Ada-Lee,ada@example.com\r\n',
  )
})

test('TEAM-08: commas, quotes and line ends stay inside their cell', () => {
  assert.equal(line('a,b', 'say "x"', 'one\ntwo'), '\uFEFF"a,b","say ""x""","one\ntwo"\r\n')
})
