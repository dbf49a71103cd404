import { runMock } from '@kkt/fault-kit/run_mock.ts'
import { createMockOdoo } from './app.ts'

void runMock('mock_odoo', 8070, createMockOdoo)
