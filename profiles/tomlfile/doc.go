// Package tomlfile reads TOML files with the place of every key, says what is wrong in them in the terms of whoever wrote them, and
// changes single keys while all other lines stay as they are, byte for byte.
//
// [Parse] makes a [Document]; [Decode] fills a struct from its [Leaf] values and finds every fault at once; [Document.Set] and
// [Document.Unset] return changed documents. Nothing here touches the file system.
package tomlfile
