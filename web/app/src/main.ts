import { createApp } from 'vue';
import App from './App.vue';
import { startConnection } from './state/connection';
import { startConversations } from './state/conversations';
import { startHistory } from './state/history';
import { startLiveRoom } from './state/liveRoom';
import { loadSession, startSession } from './state/session';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';

startSession();
startConversations();
startHistory();
startLiveRoom();
startConnection();
loadSession().catch(() => {
  // The page says so, with a button to try again.
});
createApp(App).mount('#app');
