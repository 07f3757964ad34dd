using Sailfish.Server.Conversations;
using Sailfish.Server.Gateway;

namespace Sailfish.Tests.Server.Accounts;

/// <summary>Names with structure: conversations, messages, the seed's path.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("d:10001:10002")]
    [InlineData("d:0:10002")]
    [InlineData("d:10000:9007199254740991")]
    [InlineData("r:1")]
    [InlineData("r:9007199254740991")]
    public void A_conversation_is_read_as_it_is_written(string name)
    {
        Assert.True(ConversationKey.TryParse(5, name, out var key));
        Assert.Equal(name, key.Name);
        Assert.Equal(5, key.AppId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("d:10002:10001")]
    [InlineData("d:10001:10001")]
    [InlineData("d:9999:10001")]
    [InlineData("d:10001:9007199254740992")]
    [InlineData("d:10001:10002:10003")]
    [InlineData("d:-1:10002")]
    [InlineData("d: 10001:10002")]
    [InlineData("d:10001:10002\0")]
    [InlineData("D:10001:10002")]
    [InlineData("r:0")]
    [InlineData("r:")]
    [InlineData("r:+1")]
    [InlineData("r:1:2")]
    [InlineData("r:9007199254740992")]
    [InlineData("r:99999999999999999999999999")]
    [InlineData("x:1")]
    public void A_malformed_conversation_is_refused(string name)
    {
        Assert.False(ConversationKey.TryParse(5, name, out _));
    }

    [Fact]
    public void A_conversation_has_one_name_whoever_speaks()
    {
        Assert.Equal(ConversationKey.Direct(1, 10002, 10001), ConversationKey.Direct(1, 10001, 10002));
        var key = ConversationKey.Direct(1, 10002, 10001);
        Assert.Equal(10002, key.Peer(10001));
        Assert.Equal(10001, key.Peer(10002));
        Assert.True(key.HasParticipant(10001));
        Assert.False(key.HasParticipant(10003));
        // A room whose id is a user's belongs to no user.
        Assert.False(ConversationKey.Room(1, 10001).HasParticipant(10001));
    }

    [Theory]
    [InlineData("12-34", true, 12, 34)]
    [InlineData("1-9223372036854775807", true, 1, long.MaxValue)]
    [InlineData("12-0", false, 0, 0)]
    [InlineData("12-", false, 0, 0)]
    [InlineData("-34", false, 0, 0)]
    [InlineData("12--34", false, 0, 0)]
    [InlineData("12-34-5", false, 0, 0)]
    [InlineData("12-9223372036854775808", false, 0, 0)]
    [InlineData("", false, 0, 0)]
    [InlineData("-", false, 0, 0)]
    [InlineData("a-b", false, 0, 0)]
    [InlineData("12 - 34", false, 0, 0)]
    [InlineData("١-٢", false, 0, 0)]
    public void A_message_id_is_two_numbers(string text, bool isOne, long conversation, long seq)
    {
        Assert.Equal(isOne, MessageId.TryParse(text, out var foundConversation, out var foundSeq));
        if (!isOne)
            return;
        Assert.Equal((conversation, seq), (foundConversation, foundSeq));
        Assert.Equal(text, MessageId.Format(conversation, seq));
    }

    [Theory]
    [InlineData("/tok/10001", "tok", "10001", null)]
    [InlineData("/t%2Fk/10001/1001/7", "t%2Fk", "10001", 7L)]
    [InlineData("/tok/10001/1003/7", "tok", "10001", null)]
    public void The_seeds_path_holds_token_user_and_room(string path, string token, string user, long? room)
    {
        Assert.Equal(new LegacyPath(token, user, room), LegacyPath.Parse(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/ws")]
    [InlineData("//10001")]
    [InlineData("/tok/")]
    [InlineData("/tok/abc")]
    [InlineData("/tok/10001/")]
    [InlineData("/tok/10001/1001")]
    [InlineData("/tok/10001/1001/")]
    [InlineData("/tok/10001/1001/7/")]
    [InlineData("/tok/10001/1001/-7")]
    [InlineData("/tok/10001/1001/99999999999999999999999")]
    [InlineData("tok/10001")]
    public void Another_path_is_not_the_seeds(string path)
    {
        Assert.Null(LegacyPath.Parse(path));
    }
}
