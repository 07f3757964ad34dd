using Microsoft.Extensions.Options;
using Sailfish.Server.Messaging;

namespace Sailfish.Tests.Server;

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
    [InlineData(1)]
    [InlineData(2)]
    public async Task Masking_random_text_keeps_its_length_and_leaves_no_word(int seed)
    {
        // Letters whose cases are odd: dotless i, long s, the Kelvin sign, sharp s, final sigma, a pair of surrogates.
        string[] letters = ["a", "A", "k", "K", "\u212A", "s", "S", "ſ", "i", "I", "ı", "İ", "ß", "σ", "ς", "Σ", "🐟", "\ud83d", "\udc1f", "é", " "];
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
