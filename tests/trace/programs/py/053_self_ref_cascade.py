from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Comment(Base):
    __tablename__ = "comment"
    id = Column(Integer, primary_key=True)
    text = Column(String(140))
    author = Column(String(32))
    parent_id = Column(Integer, ForeignKey("comment.id"))
    path = Column(String)
    replies = relationship("Comment", backref=backref("parent", remote_side=[id]), lazy="dynamic")
    def save(self, session):
        session.add(self)
        session.flush()
        prefix = self.parent.path + "." if self.parent is not None else ""
        self.path = prefix + "%06d" % self.id
        session.flush()
    def level(self):
        return len(self.path) // 7
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
c1 = Comment(text="hello1", author="alice")
c2 = Comment(text="hello2", author="bob")
c11 = Comment(text="reply11", author="bob", parent=c1)
c12 = Comment(text="reply12", author="susan", parent=c1)
c111 = Comment(text="reply111", author="susan", parent=c11)
for c in [c1, c2, c11, c12, c111]:
    c.save(s)
s.commit()
for c in s.query(Comment).order_by(Comment.path):
    print(c.level(), c.author, c.text, c.path)
print([r.text for r in c1.replies.order_by(Comment.id.desc())])
print(c1.replies.filter(Comment.author == "bob").count(), c1.replies.filter_by(author="susan").first().text)
c1.replies.append(Comment(text="late", author="zed", path="x"))
s.commit()
print(c1.replies.count())
