// Operators by name, and the one general call.
#include "Boundary.hpp"

#include <ATen/core/dispatch/Dispatcher.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <vector>

namespace ct {
namespace {

/// What an argument of the schema takes, worked out once per operator so that a call does not walk types.
enum class Takes { tensor, integer, real, number, boolean, string, generator, device,
                   integers, reals, numbers, booleans, tensors, optionalTensors, other };

struct Argument {
    std::string name;
    std::string type;
    Takes takes;
    bool optional;
    std::optional<c10::IValue> fallback;
};

struct Operator {
    c10::OperatorHandle handle;
    std::string schema;
    std::vector<Argument> arguments;
};

Takes whatListTakes(const c10::Type &element) {
    switch (element.kind()) {
    case c10::TypeKind::TensorType: return Takes::tensors;
    case c10::TypeKind::OptionalType: return Takes::optionalTensors;
    case c10::TypeKind::IntType: return Takes::integers;
    case c10::TypeKind::FloatType: return Takes::reals;
    case c10::TypeKind::NumberType: return Takes::numbers;
    case c10::TypeKind::BoolType: return Takes::booleans;
    default: return Takes::other;
    }
}

Takes whatTakes(const c10::Type &type) {
    switch (type.kind()) {
    case c10::TypeKind::TensorType: return Takes::tensor;
    case c10::TypeKind::IntType: return Takes::integer;
    case c10::TypeKind::FloatType: return Takes::real;
    case c10::TypeKind::NumberType: return Takes::number;
    case c10::TypeKind::BoolType: return Takes::boolean;
    case c10::TypeKind::StringType: return Takes::string;
    case c10::TypeKind::GeneratorType: return Takes::generator;
    case c10::TypeKind::DeviceObjType: return Takes::device;
    case c10::TypeKind::ListType: return whatListTakes(*type.containedType(0));
    default: return Takes::other;
    }
}

Argument describe(const c10::Argument &argument) {
    c10::TypePtr type = argument.type();
    const bool optional = type->kind() == c10::TypeKind::OptionalType;
    if (optional) {
        type = type->containedType(0);
    }
    return {argument.name(), argument.real_type()->str(), whatTakes(*type), optional, argument.default_value()};
}

const char *nameOf(int32_t tag) {
    static const char *const names[] = {"the default", "nothing", "a tensor", "an integer", "a real number",
        "a truth value", "a string", "a list of integers", "a list of real numbers", "a list of truth values",
        "a list of tensors", "a generator", "a device"};
    return tag >= 0 && tag <= CT_DEVICE ? names[tag] : "an unknown kind of value";
}

[[noreturn]] void refuse(const Argument &argument, const ct_value &value) {
    std::ostringstream sentence;
    sentence << "The argument \"" << argument.name << "\" takes " << argument.type << (argument.optional ? " or nothing" : "")
             << " but was given " << nameOf(value.tag) << ".";
    throw Refusal{CT_INVALID_ARGUMENT, sentence.str()};
}

template <class Element> c10::ArrayRef<Element> elements(const ct_value &value) {
    return {static_cast<const Element *>(value.payload.pointer), static_cast<size_t>(value.count)};
}

template <class List, class Source> c10::IValue list(c10::ArrayRef<Source> source) {
    List made;
    made.reserve(source.size());
    for (const Source &element : source) {
        made.push_back(element);
    }
    return made;
}

c10::IValue numbers(const ct_value &value) {
    c10::List<at::Scalar> made;
    made.reserve(value.count);
    if (value.tag == CT_INT_LIST) {
        for (int64_t element : elements<int64_t>(value)) made.push_back(at::Scalar(element));
    } else {
        for (double element : elements<double>(value)) made.push_back(at::Scalar(element));
    }
    return made;
}

c10::IValue tensors(const Argument &argument, const ct_value &value) {
    c10::List<at::Tensor> made;
    made.reserve(value.count);
    for (ct_tensor handle : elements<ct_tensor>(value)) {
        if (handle == nullptr) refuse(argument, {CT_NONE, 0, 0, {0}});
        made.push_back(borrow(handle));
    }
    return made;
}

c10::IValue optionalTensors(const ct_value &value) {
    c10::List<std::optional<at::Tensor>> made;
    made.reserve(value.count);
    for (ct_tensor handle : elements<ct_tensor>(value)) {
        made.push_back(handle == nullptr ? std::nullopt : std::optional<at::Tensor>(borrow(handle)));
    }
    return made;
}

c10::IValue scalar(const Argument &argument, const ct_value &value) {
    const bool number = argument.takes == Takes::number;
    switch (value.tag) {
    case CT_INT:
        if (argument.takes == Takes::real) return static_cast<double>(value.payload.integer);
        if (number || argument.takes == Takes::integer) return value.payload.integer;
        break;
    case CT_DOUBLE:
        if (number || argument.takes == Takes::real) return value.payload.real;
        break;
    case CT_BOOL:
        if (number || argument.takes == Takes::boolean) return value.payload.integer != 0;
        break;
    default:
        break;
    }
    refuse(argument, value);
}

c10::IValue realList(const Argument &argument, const ct_value &value) {
    if (value.tag == CT_DOUBLE_LIST) return list<c10::List<double>>(elements<double>(value));
    if (value.tag == CT_INT_LIST) return list<c10::List<double>>(elements<int64_t>(value));
    refuse(argument, value);
}

c10::IValue filled(const Argument &argument) {
    if (argument.fallback) return *argument.fallback;
    throw Refusal{CT_INVALID_ARGUMENT, "The argument \"" + argument.name + "\" (" + argument.type +
                                           ") was not given and has no default."};
}

c10::IValue convert(const Argument &argument, const ct_value &value) {
    if (value.tag == CT_DEFAULT) return filled(argument);
    if (value.tag == CT_NONE) {
        if (!argument.optional) refuse(argument, value);
        return {};
    }
    const auto fits = [&](int32_t tag) { if (value.tag != tag) refuse(argument, value); };
    switch (argument.takes) {
    case Takes::tensor:
        fits(CT_TENSOR);
        return borrow(static_cast<ct_tensor>(const_cast<void *>(value.payload.pointer)));
    case Takes::integer:
    case Takes::real:
    case Takes::number:
    case Takes::boolean:
        return scalar(argument, value);
    case Takes::string:
        fits(CT_STRING);
        return std::string(static_cast<const char *>(value.payload.pointer), static_cast<size_t>(value.count));
    case Takes::generator:
        fits(CT_GENERATOR);
        return borrow(static_cast<ct_generator>(const_cast<void *>(value.payload.pointer)));
    case Takes::device:
        fits(CT_DEVICE);
        return device(static_cast<int32_t>(value.payload.integer), static_cast<int32_t>(value.count));
    case Takes::integers:
        fits(CT_INT_LIST);
        return list<c10::List<int64_t>>(elements<int64_t>(value));
    case Takes::reals:
        return realList(argument, value);
    case Takes::numbers:
        if (value.tag != CT_INT_LIST) fits(CT_DOUBLE_LIST);
        return numbers(value);
    case Takes::booleans:
        fits(CT_BOOL_LIST);
        return list<c10::List<bool>>(elements<int64_t>(value));
    case Takes::tensors:
        fits(CT_TENSOR_LIST);
        return tensors(argument, value);
    case Takes::optionalTensors:
        fits(CT_TENSOR_LIST);
        return optionalTensors(value);
    case Takes::other:
        break;
    }
    refuse(argument, value);
}

// MARK: Results

ct_value integer(int32_t tag, int64_t value) {
    ct_value result{tag, 0, 0, {0}};
    result.payload.integer = value;
    return result;
}

template <class Element> Element *allocate(size_t count) {
    auto *storage = static_cast<Element *>(std::malloc(sizeof(Element) * (count == 0 ? 1 : count)));
    if (storage == nullptr) throw std::bad_alloc();
    return storage;
}

template <class Element, class Source> ct_value copied(int32_t tag, const Source &source) {
    auto *storage = allocate<Element>(source.size());
    size_t index = 0;
    for (const auto &element : source) storage[index++] = static_cast<Element>(element);
    return {tag, 0, static_cast<int64_t>(source.size()), {.pointer = storage}};
}

ct_value tensorList(const c10::List<at::Tensor> &source) {
    auto *storage = allocate<ct_tensor>(source.size());
    for (size_t index = 0; index < source.size(); ++index) {
        storage[index] = own(source.get(index));
    }
    return {CT_TENSOR_LIST, 0, static_cast<int64_t>(source.size()), {.pointer = storage}};
}

ct_value result(c10::IValue &&value) {
    if (value.isTensor()) {
        at::Tensor tensor = std::move(value).toTensor();
        if (!tensor.defined()) return integer(CT_NONE, 0);
        return {CT_TENSOR, 0, 0, {.pointer = own(std::move(tensor))}};
    }
    if (value.isInt()) return integer(CT_INT, value.toInt());
    if (value.isBool()) return integer(CT_BOOL, value.toBool() ? 1 : 0);
    if (value.isDouble()) return {CT_DOUBLE, 0, 0, {.real = value.toDouble()}};
    if (value.isNone()) return integer(CT_NONE, 0);
    if (value.isTensorList()) return tensorList(value.toTensorList());
    if (value.isIntList()) return copied<int64_t>(CT_INT_LIST, value.toIntVector());
    if (value.isDoubleList()) return copied<double>(CT_DOUBLE_LIST, value.toDoubleVector());
    if (value.isString()) {
        ct_value made = copied<char>(CT_STRING, value.toStringRef());
        return made;
    }
    throw Refusal{CT_UNSUPPORTED_RESULT, "The operator gave back a value of kind " + value.tagKind() +
                                             ", which has no form in Swift."};
}

void release(const ct_value &value) {
    if (value.tag == CT_TENSOR) {
        ct_tensor_release(static_cast<ct_tensor>(const_cast<void *>(value.payload.pointer)));
    } else if (value.tag == CT_TENSOR_LIST) {
        for (ct_tensor handle : elements<ct_tensor>(value)) ct_tensor_release(handle);
        ct_list_free(value.payload.pointer);
    } else if (value.tag == CT_STRING || value.tag == CT_INT_LIST || value.tag == CT_DOUBLE_LIST) {
        ct_list_free(value.payload.pointer);
    }
}

void deliver(std::vector<c10::IValue> &stack, ct_value *results, int64_t capacity, int64_t *count) {
    if (static_cast<int64_t>(stack.size()) > capacity) {
        throw Refusal{CT_UNSUPPORTED_RESULT, "The operator gave back " + std::to_string(stack.size()) +
                                                 " values where at most " + std::to_string(capacity) + " were expected."};
    }
    int64_t delivered = 0;
    try {
        for (auto &value : stack) {
            results[delivered] = result(std::move(value));
            ++delivered;
        }
    } catch (...) {
        // Handed over half: take back what was handed over, and let the boundary name the failure.
        while (delivered > 0) release(results[--delivered]);
        throw;
    }
    *count = delivered;
}

} // namespace
} // namespace ct

struct ct_operator_object : ct::Operator {
    explicit ct_operator_object(const c10::OperatorHandle &found) : ct::Operator{found, {}, {}} {
        std::ostringstream text;
        text << handle.schema();
        schema = text.str();
        for (const auto &argument : handle.schema().arguments()) arguments.push_back(ct::describe(argument));
    }
};

ct_status ct_operator_find(const char *name, const char *overload, ct_operator *found) {
    // Never emptied: handles are valid for ever, and there are at most as many as libtorch has operators.
    static std::mutex mutex;
    static auto &known = *new std::map<std::pair<std::string, std::string>, std::unique_ptr<ct_operator_object>>;
    return ct::guarded([&] {
        std::lock_guard<std::mutex> lock(mutex);
        auto &entry = known[{name, overload}];
        if (!entry) {
            auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
            if (!handle) {
                throw ct::Refusal{CT_UNKNOWN_OPERATOR, std::string("libtorch ") + ct_version() + " has no operator \"" +
                    name + (*overload ? "." : "") + overload + "\"."};
            }
            entry = std::make_unique<ct_operator_object>(*handle);
        }
        *found = entry.get();
    });
}

const char *ct_operator_schema(ct_operator op) {
    return op->schema.c_str();
}

ct_status ct_call(ct_operator op, const ct_value *arguments, int64_t argument_count, ct_value *results, int64_t capacity,
                  int64_t *result_count) {
    return ct::guarded([&] {
        const auto expected = static_cast<int64_t>(op->arguments.size());
        if (argument_count > expected) {
            throw ct::Refusal{CT_INVALID_ARGUMENT, "The operator takes " + std::to_string(expected) +
                " arguments but was given " + std::to_string(argument_count) + "."};
        }
        std::vector<c10::IValue> stack;
        stack.reserve(op->arguments.size());
        for (int64_t index = 0; index < expected; ++index) {
            const ct::Argument &argument = op->arguments[index];
            stack.push_back(index < argument_count ? ct::convert(argument, arguments[index]) : ct::filled(argument));
        }
        op->handle.callBoxed(&stack);
        ct::deliver(stack, results, capacity, result_count);
    });
}

void ct_list_free(const void *storage) {
    std::free(const_cast<void *>(storage));
}
