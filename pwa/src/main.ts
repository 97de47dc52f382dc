/** Opens the phone, then the first screen. */
import { mount } from 'svelte';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/app.css';
import App from './App.svelte';
import { openPhone } from './device/browser';
import { display } from './live/display.svelte';
import { giveWay } from './live/giving_way';
import { installing } from './live/installing.svelte';
import { PhoneView } from './live/phone.svelte';
import { worker } from './live/worker.svelte';

installing.listen();
await display.load();
// To read the script took its time.
await giveWay();
const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
const view = new PhoneView(await openPhone());
mount(App, { target, props: { view } });
void worker.register(() => view.leave());
