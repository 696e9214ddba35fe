/** In every test file: messages, which are used again, are spoiled once they have been delivered. See src/domain/negotiators/mailbox.ts. */
import { spoiling } from '../../src/domain/negotiators/mailbox.js';

spoiling.isOn = true;
