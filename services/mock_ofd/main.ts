import { runMock } from '@kkt/fault-kit/run_mock.ts'
import { createMockOfd } from './app.ts'

void runMock('mock_ofd', 9000, createMockOfd)
