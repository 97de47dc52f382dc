import type { ConnectionState } from '../device/outcomes';

/** Strokes on a 24 grid. State is never told by an icon alone: words stand beside it. */
export const PATHS = {
  today: 'M4 11.5 12 4l8 7.5M6 10v10h12V10M10 20v-6h4v6',
  folder: 'M3 7a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2V18a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z',
  send: 'M12 19V5M6 11l6-6 6 6',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5v5M8 14.5v5',
  plus: 'M12 5v14M5 12h14',
  tick: 'm5 12.5 4.5 4.5L19 7.5',
  circle: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z',
  half: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v16M12 8h5.5M12 12h8M12 16h5.5',
  phone: 'M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3zM11 18h2',
  warning: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20',
  back: 'm14.5 6-6 6 6 6',
  next: 'm9.5 6 6 6-6 6',
  online: 'M4 10c4.5-4.5 11.5-4.5 16 0M7 13.5c3-3 7-3 10 0M10 17c1.2-1.2 2.8-1.2 4 0M12 19.5v.1',
  weak: 'M7 13.5c3-3 7-3 10 0M10 17c1.2-1.2 2.8-1.2 4 0M12 19.5v.1',
  offline: 'M4 10c1.5-1.5 3.3-2.5 5.2-3M20 10a11 11 0 0 0-6-3.2M7 13.5A7 7 0 0 1 11 11.6M12 19.5v.1M4 4l16 16',
  paused: 'M9 6v12M15 6v12',
  server: 'M4 5h16v6H4zM4 13h16v6H4zM7.5 8v.1M7.5 16v.1',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12.2 20 4M17 7l2.5 2.5M14.5 9l2 2',
  text: 'M3.5 19 8.5 6l5 13M5.3 14.5h6.4M15 19l3-8 3 8M16.2 16h3.6',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  pencil: 'm5 19 .8-4L16 4.8l3.2 3.2L9 18.2zM14 7l3 3',
  seal: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2',
  card: 'M3 6h18v12H3zM7.5 9.5a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM5.2 15.6c.6-1.2 1.4-1.6 2.3-1.6s1.7.4 2.3 1.6M13 10h5M13 14h5',
  light: 'M9.5 17h5M10.5 20h3M12 3a6 6 0 0 0-3.5 10.9c.7.5 1 1.2 1 2.1h5c0-.9.3-1.6 1-2.1A6 6 0 0 0 12 3z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2',
  speaker: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15 9.5c1.2 1.4 1.2 3.6 0 5M17.5 7c2.6 2.8 2.6 7.2 0 10',
  camera: 'M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  paper: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  fork: 'M12 20v-6M12 14c0-5-6-3-6-9M12 14c0-5 6-3 6-9M3.5 7 6 4.5 8.5 7M15.5 7 18 4.5 20.5 7',
  printer: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7zM16.5 11.5v.1',
  info: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.1',
  close: 'm6 6 12 12M18 6 6 18',
  dash: 'M7 12h10',
  place: 'M12 21c4-4.5 6.5-7.6 6.5-11a6.5 6.5 0 0 0-13 0c0 3.4 2.5 6.5 6.5 11zM12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-4 4-6 7.5-6s6.7 2 7.5 6',
} as const;
export type IconName = keyof typeof PATHS;

export const CONNECTION_ICONS: Readonly<Record<ConnectionState, IconName>> = {
  online: 'online', weak: 'weak', offline: 'offline', unreachable: 'offline', 'wrong-date': 'warning', paused: 'paused',
  'server-error': 'server', busy: 'server', 'sign-in': 'key', captive: 'warning',
};
