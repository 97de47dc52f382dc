/**
 * What scripts add to the desk: fragments that refresh themselves, keys for rows, focus on trouble.
 * Every page works without this file.
 */
import './desk.css';
import 'htmx.org';
import 'htmx-ext-sse';
import { watchFields } from './fields';
import { watchKeys } from './keys';
import { watchLive } from './live';

watchLive(document);
watchKeys(document, localStorage);
watchFields(document);
