// Before the page itself is here: what stands there until then, in whose language and colours. As state/route.ts, i18n and
// state/theme.ts have it, in the few bytes that may come first.
(() => {
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(`sailfish.${name}`);
    } catch {
      return null;
    }
  };
  const known = [kept('language'), ...navigator.languages].find((word) => /^(en|zh)/i.test(word ?? ''));
  root.lang = /^zh/i.test(known ?? '') ? 'zh-CN' : 'en';
  root.dataset.splash = location.hash.startsWith('#/room/') ? 'room' : 'list';
  const theme = kept('theme');
  if (theme) root.dataset.theme = theme;
})();
