/** Every view but the first. */
export { default as AuditView } from '../audit/audit-view.js';
export { default as ClusterView } from '../cluster/cluster-view.js';
export { default as DealView } from '../deal/deal-view.js';
export { default as DoubtsView } from '../doubts/doubts-view.js';
export { default as FileView } from '../file/file-view.js';
export { default as IntentionView } from '../intention/intention-view.js';
export { default as LogView } from '../log/log-view.js';
export { default as MarketView } from '../market/market-view.js';
export { default as ParticipantView } from '../participants/participant-view.js';
export { default as ParticipantsView } from '../participants/participants-view.js';
