using Microsoft.Extensions.Options;
using Sailfish.Server.Content;

namespace Sailfish.Tests.Server.Content;

public sealed class WordListCheckTests
{
    [Theory]
    [InlineData("nothing to see", "nothing to see", null)]
    [InlineData("a bad word", "a *** word", "bad")]
    [InlineData("BAD Bad bAd", "*** *** ***", "bad")]
    [InlineData("badly done", "***** done", "badly")]
    [InlineData("旗鱼 and 赌博!", "旗鱼 and **!", "赌博")]
    [InlineData("ÄRGER im Haus", "***** im Haus", "ärger")]
    [InlineData("bad", "***", "bad")]
    public async Task Words_are_masked_whatever_their_case_the_longest_first(string content, string masked, string? word)
    {
        var verdict = await Check(ContentAction.Mask, "bad", "badly", "赌博", "ärger", "  ", "BAD").CheckAsync(content, default);
        Assert.Equal(masked, verdict.Content);
        Assert.Equal(word, verdict.Word, ignoreCase: true);
    }

    [Fact]
    public async Task A_word_refuses_the_whole_message_when_nothing_is_masked()
    {
        var check = Check(ContentAction.Refuse, "bad");
        Assert.Equal(new ContentVerdict(null, "bad"), await check.CheckAsync("not so BAD", default));
        Assert.Equal(ContentVerdict.Pass("good"), await check.CheckAsync("good", default));
    }

    [Fact]
    public async Task Without_words_everything_passes()
    {
        Assert.Equal(ContentVerdict.Pass("bad"), await Check(ContentAction.Refuse).CheckAsync("bad", default));
    }

    [Theory]
    [InlineData("b\u0430dword")]
    [InlineData("\u0412ADWORD")]
    [InlineData("\uFF42\uFF41\uFF44\uFF57\uFF4F\uFF52\uFF44")]
    [InlineData("b\u200Bad\u2060wo\u00ADrd\uFEFF")]
    [InlineData("b\u0301a\u0308d\u0336w\u0327o\u0302rd\u0301\u0301")]
    [InlineData("b\u00E4dw\u00F6rd")]
    [InlineData("badw0rd")]
    [InlineData("\U0001D41B\U0001D41A\U0001D41D\U0001D430\U0001D428\U0001D42B\U0001D41D")]
    [InlineData("\u24D1\u24D0\u24D3\u24E6\u24DE\u24E1\u24D3")]
    [InlineData("b\U000E0061adword")]
    public async Task A_word_is_seen_as_people_see_it_and_masked_as_a_whole(string written)
    {
        Assert.Equal("badword", (await Check(ContentAction.Refuse, "badword").CheckAsync($"such a {written} here", default)).Word);
        var masked = (await Check(ContentAction.Mask, "badword").CheckAsync($"such \u0430 {written} h\u00E9re😀", default)).Content;
        Assert.Equal($"such \u0430 {new string('*', written.Length)} h\u00E9re😀", masked);
    }

    [Theory]
    [InlineData("hell", "heIl and HeII", "**** and ****")]
    [InlineData("hell", "HEIL, Heil, bail", "HEIL, Heil, bail")]
    [InlineData("loo", "100 10 1oo", "100 10 ***")]
    [InlineData("bum", "burn", "burn")]
    [InlineData("\u0434\u0443\u0440\u0430\u043A", "\u0414\u0423\u0420\u0410\u041A!", "*****!")]
    [InlineData("\u0915\u093F\u0932", "\u0915\u0932 \u0915\u093F\u0932", "\u0915\u0932 ***")]
    [InlineData("\uAC00", "\uAC01 \uAC00", "\uAC01 *")]
    [InlineData("\uBC14\uBCF4", "\u1107\u1161\u1107\u1169!", "****!")]
    [InlineData("\uBC14\uBCF4", "\uBC14\u1107\u200B\u1169\u200B", "*****")]
    [InlineData("\uBC14\uBCF4", "\u3142\u314F\u3142\u3157 \uFFB2\uFFC2\uFFB2\uFFCC", "**** ****")]
    [InlineData("\uBC14\uBCF4", "\uBC14\uBD09 \uBC14\uBCF4\u11BC \uBC14\u11BC\uBCF4", "\uBC14\uBD09 \uBC14\uBCF4\u11BC \uBC14\u11BC\uBCF4")]
    [InlineData("\u1112\u1161\u11AB\u1100\u116E\u11A8", "\uD55C\uAD6D \uD55C\u1100\u116E\u11A8", "** ****")]
    [InlineData("\u3145\u3142", "\u3145\u3142 \u1109\u1107", "** **")]
    [InlineData("bad", "\u0299\u1D00\u1D05 \u249D\u249C\u249F \uD83C\uDD71\uFE0F\uD83C\uDD70\uD83C\uDD73 \uD83C\uDD51\uD83C\uDD50\uD83C\uDD53", "*** *** ******* ******")]
    [InlineData("two words", "two\u00A0words", "*********")]
    [InlineData("1984", "in 1984", "in ****")]
    [InlineData("ﬁg", "fig", "***")]
    public async Task Only_what_reads_as_the_word_is_masked(string word, string content, string masked) =>
        Assert.Equal(masked, (await Check(ContentAction.Mask, word).CheckAsync(content, default)).Content);

    [Theory]
    [InlineData("abc", "ab,bc", "***")]
    [InlineData("ababab", "abab", "******")]
    [InlineData("xabcdex", "abcd,bc,cde", "x*****x")]
    [InlineData("she ushers", "he,she,his,hers", "*** u*****")]
    public async Task Words_that_overlap_are_masked_all_together(string content, string words, string masked) =>
        Assert.Equal(masked, (await Check(ContentAction.Mask, words.Split(',')).CheckAsync(content, default)).Content);

    [Fact]
    public async Task The_work_is_in_proportion_to_the_text_however_many_words_there_are()
    {
        // Words that share their beginnings and ends, and a text that is full of almost-words: the worst there is.
        var words = Enumerable.Range(0, 10_000).Select(i => new string('a', i % 60) + $"b{i}").Append("ab").ToArray();
        var check = Check(ContentAction.Mask, words);
        foreach (var text in new[] { new string('a', 4000), string.Concat(Enumerable.Repeat("ab", 2000)), string.Concat(Enumerable.Repeat("aaaab9999", 444)) })
        {
            // Each reading takes a step forward a character, and no more back than forward.
            Assert.InRange(check.StepsOf(text), 0, 4 * text.Length);
            Assert.Equal(text.Length, (await check.CheckAsync(text, default)).Content!.Length);
        }

        Assert.False(check.IsQuick(4000));
        Assert.True(check.IsQuick(100));
        Assert.True(Check(ContentAction.Refuse).IsQuick(4000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Masking_random_text_keeps_its_length_and_leaves_no_word(int seed)
    {
        // Letters whose cases are odd: dotless i, long s, the Kelvin sign, sharp s, final sigma; an emoji.
        string[] letters = ["a", "A", "k", "K", "\u212A", "s", "S", "ſ", "i", "I", "ı", "İ", "ß", "σ", "ς", "Σ", "🐟", "é", " "];
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var words = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Text(random, letters, 1, 4)).ToArray();
            var content = Text(random, letters, 1, 20);
            var verdict = await Check(ContentAction.Mask, words).CheckAsync(content, default);
            Assert.Equal(content.Length, verdict.Content!.Length);
            foreach (var word in words.Select(w => w.Trim()).Where(w => w.Length > 0))
                Assert.DoesNotContain(word, verdict.Content, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string Text(Random random, string[] letters, int least, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => letters[random.Next(letters.Length)]));

    private static WordListCheck Check(ContentAction action, params string[] words) =>
        new(Options.Create(new ContentOptions { Words = [.. words], Action = action }));
}
