// A Hangul syllable taken apart, as labs/hangul/jamo.py does: 19 initials x 21 vowels x 28 finals.
const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const VOWELS = [..."ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"];
const FINALS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];

export function isSyllable(text) {
  return /^[가-힣]$/.test(text);
}

// split("한") is ["ㅎ", "ㅏ", "ㄴ"]; without a final, the third is "".
export function split(syllable) {
  const place = syllable.charCodeAt(0) - 0xac00;
  return [INITIALS[Math.floor(place / 588)], VOWELS[Math.floor(place / 28) % 21], FINALS[place % 28]];
}
