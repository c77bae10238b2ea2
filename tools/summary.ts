/** Adds up jest's reports and prints `N passed, N failed, N skipped`. Exits 1 when a report is missing or a test failed. */
import { existsSync, readFileSync } from 'node:fs';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

const paths = process.argv.slice(2);
const missing = paths.filter((path) => !existsSync(path));
const reports = paths
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Report);
const sum = (count: (report: Report) => number): number => reports.reduce((total, report) => total + count(report), 0);

const passed = sum((report) => report.numPassedTests);
// A suite that does not even start is a failure that no test counts.
const failed = sum((report) => report.numFailedTests + report.numRuntimeErrorTestSuites);
const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
for (const path of missing) console.log(`${path} is missing: its tests did not run`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed || missing.length || !passed ? 1 : 0;
