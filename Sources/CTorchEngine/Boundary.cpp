#include "Boundary.hpp"

namespace ct {

std::atomic<int64_t> liveTensors{0};

namespace {
thread_local std::string lastSentence;
}

ct_status fail(ct_status code, const char *sentence) noexcept {
    try {
        lastSentence = sentence;
    } catch (...) {
        // No memory even for the sentence: the code alone must do.
        lastSentence.clear();
    }
    return code;
}

ct_status fail(ct_status code, const std::string &sentence) noexcept {
    return fail(code, sentence.c_str());
}

} // namespace ct

extern "C" const char *ct_last_error(void) {
    return ct::lastSentence.c_str();
}
