// Stands in the pages of cockpit and wall: their charts need not wait until the page is live.
import { drawEarly } from './screen.js';
drawEarly();
