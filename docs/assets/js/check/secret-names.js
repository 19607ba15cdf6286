// @ts-check
// Which names and values are those of secrets.

const SECRET =
  /(?:^|_)(?:TOKEN|PASSWORD|PASSWD|PASS|SECRET|SECRET_KEY|API_KEY|APIKEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIALS?)(?:$|_)/i;
const NO_SECRET =
  /(?:_FILE|_PATH|_URL|_NAME|_ID|_HEADER|_ALGORITHM|_TIMEOUT|_EXPIR\w*|_LIFETIME)$/i;
/** A user and a password in a URL. */
export const CREDENTIALS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@$"']+:[^\s/@"'$][^\s/@"']*@/i;

/** @param {string} name */
export const isSecretName = (name) => SECRET.test(name) && !NO_SECRET.test(name);
