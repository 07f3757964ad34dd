using Sailfish.Server.Content;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>What was handed over is stored, each record as it is, with a long content's beginning.</summary>
public abstract class RiskConformance : StoreConformance
{
    private const int Most = 1000;

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_record_is_stored_as_it_went_in(string text)
    {
        RiskRecord[] records = [Record(Ann) with { Word = text, Content = text }, Record(Bob) with { Action = "masked", Time = Time + 1 }];
        await AddAsync(records);
        await ReopenAsync();
        AssertSame(records, await Stores.ReadRisksAsync());
    }

    [Fact]
    public async Task Of_a_long_content_the_beginning_is_stored_in_whole_characters()
    {
        await AddAsync(Record(Ann) with { Content = new string('a', Most) }, Record(Bob) with { Content = new string('a', Most + 1) }, Record(Carol) with { Content = new string('a', Most - 1) + "👍" });
        await ReopenAsync();
        var lengths = (await Stores.ReadRisksAsync()).ToDictionary(risk => risk.UserId, risk => risk.Content.Length);
        Assert.Equal((Most, Most, Most - 1), (lengths[Ann], lengths[Bob], lengths[Carol]));
    }

    [Fact]
    public async Task What_is_handed_over_at_once_is_all_stored()
    {
        await AtOnceAsync(async caller =>
        {
            for (var i = 0; i < 100; i++)
                await AddAsync(Record(Ann + caller) with { Time = i });
        });
        await ReopenAsync();
        AssertSame(Enumerable.Range(0, Callers * 100).Select(i => Record(Ann + (i / 100)) with { Time = i % 100 }), await Stores.ReadRisksAsync());
    }

    [Theory]
    [InlineData("r:\0", "word", "content")]
    [InlineData("r:7", "wo\0rd", "content")]
    [InlineData("r:7", "word", "con\0tent")]
    public async Task U0000_in_a_text_harms_no_other(string conversation, string word, string content)
    {
        await AtOnceAsync(async caller =>
        {
            await AddAsync(Record(Ann + caller));
            await TryAsync(() => AddAsync(Record(Bob) with { AppId = OtherApp, Conversation = conversation, Word = word, Content = content }));
        });
        await ReopenAsync();
        AssertSame(Enumerable.Range(0, Callers).Select(i => Record(Ann + i)), (await Stores.ReadRisksAsync()).Where(risk => risk.AppId == App));
    }

    private static RiskRecord Record(long user) => new(App, user, "r:7", "refused", "word", "a word", Time);

    private async Task AddAsync(params RiskRecord[] records)
    {
        foreach (var record in records)
            await Stores.Risks.AddAsync(record, CancellationToken.None);
    }
}
