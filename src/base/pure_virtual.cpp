// What an abstract class puts where it has no function. Nobody calls it; it would otherwise come from libstdc++,
// which programs need not be linked with. Weak: where there is another one, that will do as well.
// NOLINTNEXTLINE(readability-identifier-naming,bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" [[gnu::weak]] void __cxa_pure_virtual() {
  __builtin_trap();
}
