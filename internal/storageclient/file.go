package storageclient

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// fileStorage is the package of the storage extension whose files are checked.
const fileStorage = "github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"

// fileOf finds the file in which file_storage keeps what a component stores;
// false for other extensions. The extension tells neither its directory nor the
// file's name, so the one is read from its private config by reflection, and the
// other made as it makes it. A test holds both against the real extension. Where
// a later version has another layout, files are no longer checked before they
// are opened, and nothing else changes.
func fileOf(store storage.Extension, kind component.Kind, owner component.ID) (string, bool) {
	v := reflect.Indirect(reflect.ValueOf(store))
	if v.Kind() != reflect.Struct || v.Type().PkgPath() != fileStorage {
		return "", false
	}
	config := v.FieldByName("cfg")
	if config.Kind() != reflect.Pointer || config.Elem().Kind() != reflect.Struct {
		return "", false
	}
	directory := config.Elem().FieldByName("Directory")
	if directory.Kind() != reflect.String {
		return "", false
	}
	name := fmt.Sprintf("%s_%s_%s", strings.ToLower(kind.String()), owner.Type(), owner.Name())
	return filepath.Join(directory.String(), escaped(name)), true
}

// escaped is a name as file_storage writes it: a character that is not safe in
// a path becomes a tilde and its number in hex.
func escaped(name string) string {
	var b strings.Builder
	for _, c := range name {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '-', c == '_':
			b.WriteRune(c)
		default:
			fmt.Fprintf(&b, "~%04X", c)
		}
	}
	return b.String()
}
