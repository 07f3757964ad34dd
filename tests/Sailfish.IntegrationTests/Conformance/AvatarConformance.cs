using Sailfish.Server.Accounts;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// An account has one picture, the last that was uploaded, under a name that never means another; the one before goes, and no
/// other account's does.
/// </summary>
public abstract class AvatarConformance : StoreConformance
{
    private IAvatarStore Avatars => Stores.Avatars;

    public static TheoryData<string, string, byte[]> Kinds => new()
    {
        { "png", "image/png", TestPicture.Png(1) },
        { "jpg", "image/jpeg", TestPicture.Jpeg(2) },
        { "webp", "image/webp", TestPicture.WebP(3) },
        { "png", "image/png", TestPicture.Png(4, PictureNames.MaxBytes) },
        { "webp", "image/webp", TestPicture.WebP(0, 13) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_picture_comes_back_as_it_went_in_and_its_account_names_it(string extension, string contentType, byte[] picture)
    {
        var account = await AccountAsync();
        var changed = await Avatars.ChangeAsync(account.Id, picture);
        Assert.Equal(account with { Avatar = changed!.Avatar }, changed);
        Assert.Matches($"^{account.Id}-[0-9a-f]{{16}}\\.{extension}$", changed.Avatar);
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(changed, await Stores.Accounts.FindAsync(account.Id, CancellationToken.None));
            var found = await Avatars.FindAsync(changed.Avatar!);
            Assert.Equal(contentType, found!.ContentType);
            Assert.Equal(picture, await BytesOfAsync(found));
        });
    }

    [Fact]
    public async Task What_is_no_picture_changes_nothing()
    {
        var account = await AccountAsync();
        var name = (await Avatars.ChangeAsync(account.Id, TestPicture.Png(1)))!.Avatar!;
        foreach (var other in new byte[][] { [], "<svg/>"u8.ToArray(), TestPicture.Png(1)[1..], TestPicture.WebP(1, 12) })
            Assert.Null(await Avatars.ChangeAsync(account.Id, other));
        Assert.Equal(name, (await Stores.Accounts.FindAsync(account.Id, CancellationToken.None))!.Avatar);
        Assert.NotNull(await Avatars.FindAsync(name));
    }

    [Fact]
    public async Task Nobodys_picture_is_not_kept()
    {
        var account = await AccountAsync();
        Assert.Null(await Avatars.ChangeAsync(account.Id + 1, TestPicture.Png(1)));
        await NowAndAfterReopeningAsync(async () => Assert.Null(await Avatars.FindAsync(PictureNames.Of(account.Id + 1, TestPicture.Png(1))!)));
    }

    [Fact]
    public async Task The_picture_before_goes_and_those_of_others_stay()
    {
        var (account, other) = (await AccountAsync(), await AccountAsync("bruno"));
        var others = (await Avatars.ChangeAsync(other.Id, TestPicture.Png(1)))!.Avatar!;
        var first = (await Avatars.ChangeAsync(account.Id, TestPicture.Png(1)))!.Avatar!;
        Assert.NotEqual(others, first);
        var second = (await Avatars.ChangeAsync(account.Id, TestPicture.Png(2)))!.Avatar!;
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Null(await Avatars.FindAsync(first));
            Assert.NotNull(await Avatars.FindAsync(second));
            Assert.NotNull(await Avatars.FindAsync(others));
        });
    }

    [Fact]
    public async Task A_picture_may_be_uploaded_again_and_come_back()
    {
        var account = await AccountAsync();
        foreach (byte picture in new byte[] { 1, 1, 2, 1 })
        {
            var name = (await Avatars.ChangeAsync(account.Id, TestPicture.Png(picture)))!.Avatar!;
            Assert.Equal(TestPicture.Png(picture), await BytesOfAsync((await Avatars.FindAsync(name))!));
        }

        Assert.Null(await Avatars.FindAsync(PictureNames.Of(account.Id, TestPicture.Png(2))!));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".png")]
    [InlineData("100001-0123456789abcdef.png")]
    [InlineData("../secrets.json")]
    [InlineData("..\\avatars.png")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0.png")]
    [InlineData("100001.svg")]
    public async Task What_was_never_uploaded_is_not_found(string name) => Assert.Null(await Avatars.FindAsync(name));

    [Fact]
    public async Task Of_many_that_are_uploaded_at_once_one_stays_and_it_is_there()
    {
        var account = await AccountAsync();
        await AtOnceAsync(async caller =>
        {
            for (var i = 0; i < 5; i++)
                Assert.NotNull(await Avatars.ChangeAsync(account.Id, TestPicture.Png((byte)((caller + i) % 4))));
        });
        var left = (await Stores.Accounts.FindAsync(account.Id, CancellationToken.None))!.Avatar!;
        await NowAndAfterReopeningAsync(async () =>
        {
            for (byte picture = 0; picture < 4; picture++)
            {
                var name = PictureNames.Of(account.Id, TestPicture.Png(picture))!;
                Assert.Equal(name == left, await Avatars.FindAsync(name) is not null);
            }
        });
    }

    private async Task<Account> AccountAsync(string name = "anna") => (await Stores.Accounts.CreateAsync(App, name, "hash", name, Time))!;

    private static async Task<byte[]> BytesOfAsync(StoredPicture picture) => picture.Path is { } path ? await File.ReadAllBytesAsync(path) : picture.Bytes!;
}
