# What the scripts beside this one share; sourced by them from the workspace's root.

# No build writes where it was built: paths of the registry start at the crate's folder, paths of the workspace at its root. Cargo
# takes no such option from the workspace's own files (`trim-paths` is not stable), so the flags come from here;
# those for C are for the cryptography behind `encrypted-attributes`.
registry="${CARGO_HOME:-$HOME/.cargo}/registry/src"
separator=$'\x1f'
export CFLAGS="${CFLAGS:-} -ffile-prefix-map=$registry=registry -ffile-prefix-map=$PWD=."
export CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=$registry=registry${separator}--remap-path-prefix=$PWD=."

# Fails where a built file names a folder of cargo, of rustup or of the workspace.
no_build_path() {
  local cargo="${CARGO_HOME:-$HOME/.cargo}" rustup="${RUSTUP_HOME:-$HOME/.rustup}"
  if grep -qaF -e "$cargo/" -e "$rustup/" -e "$PWD/" "$1"; then
    echo "$1 names a path of this machine:"
    grep -aoE -e "($cargo|$rustup|$PWD)/[[:print:]]{0,80}" "$1" | sort -u | head -5 || true
    return 1
  fi
  echo "$1 names no path of this machine"
}
