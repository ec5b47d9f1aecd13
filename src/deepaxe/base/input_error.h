// InputError: wrong input, reported as one line that names file, place, found and expected.
#pragma once

#include <stdexcept>
#include <string>

namespace deepaxe::base {

/// What is known about a piece of wrong input; empty parts are left out of the message.
struct InputErrorParts {
  std::string file;      ///< The file, folder or command-line option at fault.
  std::string place;     ///< Layer, field, byte offset or line inside it.
  std::string found;     ///< What stands there.
  std::string expected;  ///< What should stand there.
};

/// Thrown for every wrong file, model, data set or option value; caught once, in `main`, and
/// answered with exit code 1. A wrong argument of our own code is std::invalid_argument instead.
class InputError : public std::runtime_error {
 public:
  explicit InputError(InputErrorParts parts);
  const InputErrorParts& parts() const noexcept { return parts_; }

 private:
  InputErrorParts parts_;
};

}  // namespace deepaxe::base
