import { createApp } from 'vue';
import App from './App.vue';
import { startBroadcasts } from './state/broadcast';
import { startConnection } from './state/connection';
import { startConversations } from './state/conversations';
import { startDrafts } from './state/drafts';
import { startHistory } from './state/history';
import { startLiveRoom } from './state/liveRoom';
import { startMotion } from './state/motion';
import { startOwnStream } from './state/ownStream';
import { loadSession, startSession } from './state/session';
import '@fontsource-variable/figtree/wght.css';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';

startMotion();
startSession();
startConversations();
startDrafts();
startHistory();
startLiveRoom();
startOwnStream();
startConnection();
startBroadcasts();
loadSession().catch(() => {
  // The page says so, with a button to try again.
});
createApp(App).mount('#app');
