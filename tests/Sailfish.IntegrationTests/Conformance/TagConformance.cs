namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A tag is a user's in an app from when it was added until it is removed, however often either is done.</summary>
public abstract class TagConformance : StoreConformance
{
    [Fact]
    public async Task A_tag_is_there_from_when_it_is_added_until_it_is_removed()
    {
        Assert.Empty(await ListAsync());
        foreach (var tag in new[] { "vip", "old", "vip" })
            await AddAsync(tag);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(["old", "vip"], await ListAsync()));
        foreach (var tag in new[] { "vip", "vip", "rich" })
            await RemoveAsync(tag);
        await NowAndAfterReopeningAsync(async () => Assert.Equal(["old"], await ListAsync()));
        await AddAsync("vip");
        Assert.Equal(["old", "vip"], await ListAsync());
    }

    [Fact]
    public async Task A_tag_is_a_users_in_an_app()
    {
        await AddAsync("vip");
        await RemoveAsync("vip", OtherApp);
        await RemoveAsync("vip", user: Bob);
        Assert.Empty(await ListAsync(OtherApp));
        Assert.Empty(await ListAsync(user: Bob));
        await AddAsync("old", OtherApp);
        Assert.Equal(["vip"], await ListAsync());
        Assert.Equal(["old"], await ListAsync(OtherApp));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_tag_may_be_any_text(string tag)
    {
        await AddAsync(tag);
        await AddAsync("vip");
        await NowAndAfterReopeningAsync(async () => Assert.Contains(tag, await ListAsync()));
        await RemoveAsync(tag);
        Assert.Equal(["vip"], await ListAsync());
    }

    [Fact]
    public async Task Of_many_who_add_at_once_each_has_what_it_added()
    {
        await AtOnceAsync(async caller =>
        {
            await AddAsync("vip");
            await AddAsync($"tag {caller % 10}");
            Assert.Contains($"tag {caller % 10}", await ListAsync());
        });
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"tag {i}"), "vip"], await ListAsync());
        await AtOnceAsync(caller => RemoveAsync($"tag {caller % 10}"));
        Assert.Equal(["vip"], await ListAsync());
    }

    [Fact]
    public async Task U0000_in_a_text_harms_no_other()
    {
        await AtOnceAsync(async caller =>
        {
            await TryAsync(() => AddAsync("v\0ip", user: Ann + caller));
            await AddAsync("vip", user: Ann + caller);
            await TryAsync(() => RemoveAsync("v\0ip", user: Ann + caller));
            Assert.Contains("vip", await ListAsync(user: Ann + caller));
        });
    }

    private Task AddAsync(string tag, long app = App, long user = Ann) => Stores.Tags.AddAsync(app, user, tag, CancellationToken.None);

    private Task RemoveAsync(string tag, long app = App, long user = Ann) => Stores.Tags.RemoveAsync(app, user, tag, CancellationToken.None);

    /// <summary>In an order that does not depend on the store's.</summary>
    private async Task<IEnumerable<string>> ListAsync(long app = App, long user = Ann) =>
        (await Stores.Tags.ListAsync(app, user, CancellationToken.None)).Order(StringComparer.Ordinal);
}
