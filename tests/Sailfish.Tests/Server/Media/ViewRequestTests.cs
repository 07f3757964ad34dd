using Sailfish.Server.Media.Viewers;

namespace Sailfish.Tests.Server.Media;

public sealed class ViewRequestTests
{
    [Theory]
    [InlineData("/live/1000001.flv", "", 1000001L, null)]
    [InlineData("/live/1000001.flv", "?token=a.b.c", 1000001L, "a.b.c")]
    [InlineData("/flv", "?app=live&stream=1000001", 1000001L, null)]
    [InlineData("/flv", "?app=live&&stream=1000001&token=t", 1000001L, "t")]
    [InlineData("/flv", "?app=other&stream=1000001", null, null)]
    [InlineData("/flv", "?stream=1000001", null, null)]
    [InlineData("/live/x.flv", "?token=t", null, "t")]
    [InlineData("/live/.flv", "", null, null)]
    [InlineData("/live/-1.flv", "", null, null)]
    [InlineData("/live/9007199254740993.flv", "", null, null)]
    public void A_path_names_a_room_and_the_query_a_token(string path, string query, long? room, string? token)
    {
        Assert.True(ViewRequest.IsView(path));
        Assert.Equal(new ViewRequest(room, token), ViewRequest.Parse(path, query));
    }

    [Theory]
    [InlineData("/live/1000001.jpg")]
    [InlineData("/live/publish")]
    [InlineData("/ws")]
    [InlineData("/flvx")]
    public void Other_paths_are_others_affair(string path) => Assert.False(ViewRequest.IsView(path));
}
