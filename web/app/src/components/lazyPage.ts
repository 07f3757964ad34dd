import { type Component, defineAsyncComponent } from 'vue';
import PageBones from './PageBones.vue';
import PageMissing from './PageMissing.vue';

/** How often it is tried again by itself, and after which time. */
const tries = 3;
const againMs = 1000;
/** A page that is here sooner is worth no bones. */
const bonesMs = 150;

/** A page whose script comes when somebody goes there: a room is in view sooner without it. */
export function lazyPage<T extends Component>(loader: () => Promise<{ default: T }>): T {
  return defineAsyncComponent({
    loader,
    delay: bonesMs,
    loadingComponent: PageBones,
    errorComponent: PageMissing,
    onError: (_, retry, fail, attempts) => (attempts < tries ? setTimeout(retry, againMs) : fail()),
  });
}
