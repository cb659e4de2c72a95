interface Point { readonly tracks: number; readonly hours: number }

/** A number of tracks past the next one that takes at least a tenth less than `here`: the next may help little, and those after it much. */
export const paysAgain = (curve: readonly Point[], here: Point): Point | undefined => curve.find(({ tracks, hours }) => tracks > here.tracks + 1 && hours <= 0.9 * here.hours)
