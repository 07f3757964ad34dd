using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Sailfish.Tests.Protocol;

/// <summary>Strings of all that Unicode and JSON make hard: quotes, controls, right-to-left, emoji, non-characters.</summary>
internal static class Texts
{
    private static readonly Gen<Rune> AnyRune = Gen.Frequency(
        (4, Range(' ', '~')),
        (2, Gen.Elements([.. "\"\\/'<>&+{}[]:,".EnumerateRunes()])),
        (1, Range(0, 0x1F)),
        (1, Range(0x7F, 0x9F)),
        (1, Range(0xA0, 0x7FF)),
        (1, Range(0x800, 0xD7FF)),
        (1, Gen.Elements([.. "\u2028\u2029\u200D\uFEFF\uFFFD\uFFFE\uFFFF\u202E".EnumerateRunes()])),
        (1, Range(0x1F300, 0x1FAFF)),
        (1, Range(0x10000, 0x10FFFF)));

    /// <summary>Well-formed strings; one that fails is cut down code point by code point.</summary>
    public static Arbitrary<string> Any { get; } = Arb.From(
        Gen.ListOf(AnyRune).Select(runes => string.Concat(runes)), Shrink);

    private static Gen<Rune> Range(int first, int last) => Gen.Choose(first, last).Select(value => new Rune(value));

    private static IEnumerable<string> Shrink(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        for (var i = 0; i < runes.Length; i++)
            yield return string.Concat(runes.Where((_, at) => at != i));
    }
}
