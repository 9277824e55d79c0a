# ~/.config/direnv/lib/use_sotto.sh
# use sotto FILE [FLAG...]: the values of an encrypted file as variables; read again when the file changes.
use_sotto() {
  local exports
  watch_file "$1"
  exports="$(sotto export --format shell "$@")" || {
    log_error "sotto could not read $1"
    exit 1 # direnv goes on after an error
  }
  eval "$exports"
}
