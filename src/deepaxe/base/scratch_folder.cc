#include "deepaxe/base/scratch_folder.h"

#include <stdlib.h>  // mkdtemp is not in <cstdlib>.

#include <cerrno>
#include <cstring>
#include <system_error>

#include "deepaxe/base/input_error.h"

namespace deepaxe::base {

ScratchFolder::ScratchFolder(const std::string& name) {
  std::string path = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
  if (mkdtemp(path.data()) == nullptr) {
    throw InputError({path, "", std::strerror(errno), "a folder that can be written"});
  }
  path_ = path;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace deepaxe::base
