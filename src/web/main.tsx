import { render } from 'preact';
import './styles/main.css';
import { beginWatching } from './app/exchange.js';
import { listenToKeys } from './app/keys-help.js';
import { Shell } from './app/shell.js';
import { applyTheme } from './app/theme.js';

applyTheme();
beginWatching();
listenToKeys();
const page = document.getElementById('page');
if (page !== null) render(<Shell />, page);
