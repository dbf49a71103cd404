import { expect, test } from 'bun:test'
import { parseJunit } from './junit.ts'

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="4" assertions="2" failures="2" skipped="1" time="0.05">
  <testsuite name="a.test.ts" file="a.test.ts" tests="4" failures="2" skipped="1" time="0.05" hostname="vm">
    <testsuite name="group &lt;a&gt;" file="a.test.ts" line="2">
      <testcase name="ok &quot;q&quot; &amp; &#10;" classname="group &lt;a&gt;" time="0.1" file="a.test.ts" line="2" assertions="1" />
      <testcase name="bad" classname="group &lt;a&gt;" time="0.1" file="a.test.ts" line="3" assertions="1">
        <failure type="AssertionError" message="short">Error: &lt;long&gt;&#10;  at a.test.ts:3:1&#10;</failure>
      </testcase>
    </testsuite>
    <testcase name="slow" classname="" time="0.1" file="a.test.ts" line="4" assertions="0">
      <failure type="TimeoutError" message="test timed out" />
    </testcase>
    <testcase name="later" classname="" time="0" file="a.test.ts" line="5" assertions="0">
      <skipped message="TODO" />
    </testcase>
  </testsuite>
</testsuites>`

test('each test is read with its outcome, its place and its message', () => {
  const file = 'a.test.ts'
  expect(parseJunit(xml)).toEqual([
    { file, line: '2', name: 'group <a> > ok "q" & \n', outcome: 'passed', seconds: 0.1, message: '' },
    {
      file,
      line: '3',
      name: 'group <a> > bad',
      outcome: 'failed',
      seconds: 0.1,
      message: 'Error: <long>\n  at a.test.ts:3:1',
    },
    { file, line: '4', name: 'slow', outcome: 'failed', seconds: 0.1, message: 'test timed out' },
    { file, line: '5', name: 'later', outcome: 'skipped', seconds: 0, message: '' },
  ])
})

test('a report that was cut short is read as far as it goes', () => {
  expect(parseJunit('')).toEqual([])
  expect(parseJunit(xml.slice(0, xml.indexOf('<failure')))).toHaveLength(1)
})
