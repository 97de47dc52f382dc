/** The door of the screens to this phone: its parts, put together over one world. */
import { Darkroom } from './darkroom';
import { Bell, type Hands } from './door/bell';
import { bundleDoor } from './door/bundles';
import { handingDoor } from './door/handing';
import { peopleDoor } from './door/people';
import { photoDoor } from './door/photos';
import { recordDoor } from './door/records';
import { sendingDoor } from './door/sending';
import { vaultDoor } from './door/vaults';
import { writingDoor } from './door/writing';
import type { Phone } from './port';
import { Sender } from './sender';
import { keeping } from './trouble';
import type { World } from './world';

export function phoneWith(world: World): Phone {
  const bell = new Bell(world);
  const darkroom = new Darkroom(world, bell.tell);
  const prepare = (): void => {
    void keeping(async () => {
      await darkroom.develop();
    });
  };
  const hands: Hands = { world, bell, sender: new Sender(world, bell.tell), prepare };
  return {
    ...peopleDoor(hands),
    ...vaultDoor(hands),
    ...writingDoor(hands, darkroom),
    ...handingDoor(hands, darkroom),
    ...photoDoor(hands, darkroom),
    ...recordDoor(hands),
    ...bundleDoor(hands),
    ...sendingDoor(hands),
  };
}
