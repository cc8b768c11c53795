// What the engine offers to the command that opens it: a pointer to every function of CTorch.h. Nothing else of it can be seen from outside, so
// that its own calls are never taken for the command's.
#include "../CTorch/Functions.h"

#include <torch/version.h>

#define CT_ADDRESS(result, name, parameters, names) name,
#define CT_ADDRESS_OF_NOTHING(name, parameters, names) name,

extern "C" __attribute__((visibility("default"))) const ct_engine *ct_engine_of_this_library(void) {
    static const ct_engine engine = {CT_DECLARATIONS, TORCH_VERSION, CT_FUNCTIONS(CT_ADDRESS, CT_ADDRESS_OF_NOTHING)};
    return &engine;
}
