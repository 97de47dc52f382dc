/** Every screen of the app, and what stands before or on top of one, with its five states. */
import type { Route } from '../../src/live/route';
import { dossiers } from './dossiers';
import { entering } from './entering';
import { intake } from './intake';
import { sheets } from './sheets';
import { shift } from './shift';
import type { Row } from './stands';

type Screen = Route['screen'] | 'lock' | 'welcome' | 'citizen-view' | 'rescue-file';

/** Every address has its row; the lock and the welcome stand before any, sheets on top of one. */
export const TABLE: Readonly<Record<Screen, Row>> = { ...entering, ...intake, ...dossiers, ...shift, ...sheets };
