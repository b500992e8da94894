import { configureGlobal } from 'fast-check'

/**
 * Imported by every test with generated input: the same input in each run, so that a change is
 * judged by itself. TWOSTEP_TEST_SEED=<number> looks elsewhere.
 */
configureGlobal({ seed: Number(process.env['TWOSTEP_TEST_SEED'] ?? 20_261_124) })
