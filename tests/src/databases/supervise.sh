# Runs a server, and stops it when nobody can write to its standard input any more: when the tests have ended, or were killed.
#     sh supervise.sh FOLDER SIGNAL SERVER [ARGUMENT…]
folder=$1 signal=$2
shift 2
"$@" > "$folder/log" 2>&1 < /dev/null &
server=$!
cat > /dev/null
kill -s "$signal" "$server"
wait "$server"
rm -rf "$folder"
